import type { z } from "zod";
import { ToolFailure } from "../../shared/errors.ts";
import type { Octokit } from "../../shared/github.ts";

/** What to try when GitHub's GraphQL answers with an error of this type. Any other may pass, and is left as it is. */
const advice: Record<string, string> = {
  NOT_FOUND: "It does not exist, or the App was not installed on it.",
  FORBIDDEN: "The App lacks a permission for this.",
  UNPROCESSABLE: "Check the arguments.",
};

/** Reads by one GraphQL query. Half an answer is none: an error of any field is thrown. */
export async function query<Answer extends z.ZodType>(
  octokit: Octokit,
  text: string,
  variables: Record<string, unknown>,
  answer: Answer,
): Promise<z.infer<Answer>> {
  const data = await octokit.graphql(text, variables).catch((error: unknown) => {
    throw toToolFailure(error);
  });
  return answer.parse(data);
}

function toToolFailure(error: unknown): unknown {
  if (!(error instanceof Error) || !("errors" in error) || !Array.isArray(error.errors)) return error;
  const [first] = error.errors as { type?: string; message: string }[];
  const what = advice[first?.type ?? ""];
  return what ? new ToolFailure(`GitHub answered: ${first?.message} ${what}`) : error;
}
