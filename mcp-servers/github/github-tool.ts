import type { z } from "zod";
import { withSignal } from "../../shared/call-signal.ts";
import { ToolFailure } from "../../shared/errors.ts";
import type { GitHubApp, Octokit } from "../../shared/github.ts";
import type { Redact } from "../../shared/redact.ts";
import type { Permissions } from "../../shared/scoped-auth.ts";
import type { Limits } from "../limits.ts";
import { type Effect, type Tool, type ToolCall, tool } from "../tool.ts";
import type { ChangePolicy } from "./change-policy.ts";

export type GithubDeps = {
  github: GitHubApp;
  policy: ChangePolicy;
  /** Takes secrets out of what is written to GitHub. */
  redact: Redact;
};

type GithubToolSpec<Input extends z.ZodObject, Output extends z.ZodObject> = {
  name: string;
  description: string;
  effect: Effect;
  /** What its token may do, and nothing more. */
  permissions: Permissions;
  /**
   * It looks for its effect before it makes it. What another call has made since (a worker died, and the next one calls
   * again while the first call is under way) is a reason to refuse, so that a refusal is worth a second look.
   */
  looksFirst?: boolean;
  /** As `tool` takes it; those that look first are idempotent without saying so. */
  idempotent?: boolean;
  limits?: Partial<Limits>;
  input: Input;
  output: Output;
  run(input: z.infer<Input>, octokit: Octokit, call: GithubCall): Promise<z.infer<Output>>;
};

/** `appId` is the App's own: what it made on GitHub carries it. */
type GithubCall = ToolCall & { appId: number } & Omit<GithubDeps, "github">;

/** Makes a tool that works with a token for the call's one repository and the permissions it names. */
export function githubTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  spec: GithubToolSpec<Input, Output>,
): Tool<GithubDeps> {
  return tool<GithubDeps>()({
    ...spec,
    idempotent: spec.idempotent ?? spec.looksFirst,
    async run(given, { github, policy, redact }, call) {
      const input = spec.effect === "read" ? given : withoutSecrets(given, redact);
      const { installation, repository } = call.capability;
      const octokit = github.octokitFor({
        installation,
        repo: repository.repo,
        permissions: spec.permissions,
      });
      const attempt = () =>
        withSignal(call.signal, () =>
          spec.run(input, octokit, { ...call, appId: github.id, policy, redact }),
        );
      try {
        return await attempt().catch((error: unknown) => {
          if (!spec.looksFirst || !isRefusal(error)) throw error;
          return attempt();
        });
      } catch (error) {
        throw toToolFailure(error, spec.name);
      }
    },
  });
}

/** What is written to GitHub, people may read. Files stay as they are: those with a secret are refused. */
function withoutSecrets<Input extends object>(input: Input, redact: Redact): Input {
  const entries = Object.entries(input).map(([key, value]) => [
    key,
    key === "files" ? value : redact.value(value),
  ]);
  return Object.fromEntries(entries) as Input;
}

function isRefusal(error: unknown): boolean {
  return error instanceof ToolFailure || [409, 422].includes(statusOf(error) ?? 0);
}

/** What to try when GitHub answers with this status. Any other status may pass, and is left as it is. */
const advice: Record<number, string> = {
  400: "Check the arguments.",
  401: "The App's key or its installation is not valid; an operator must look at it.",
  403: "The App lacks a permission for this, or GitHub's rate limit is used up.",
  404: "It does not exist, or the App was not installed on it.",
  405: "GitHub does not allow it in this state.",
  409: "It has changed meanwhile; read it again.",
  410: "It is switched off or gone.",
  422: "Check the arguments.",
};

function toToolFailure(error: unknown, name: string): unknown {
  const status = statusOf(error);
  const what = status && advice[status];
  if (!(error instanceof Error) || !what) return error;
  return new ToolFailure(`${name} could not be done: GitHub answered ${status}, ${error.message}. ${what}`);
}

/** The HTTP status of an error of Octokit. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && "status" in error ? Number(error.status) : undefined;
}

/**
 * Why GitHub refuses to make something (422), or undefined when it is made. GitHub makes no second of what has a name of its
 * own: then it need not be looked for before, and a look afterwards tells what is there.
 */
export async function refusalOf(making: Promise<unknown>): Promise<unknown> {
  try {
    await making;
    return undefined;
  } catch (error) {
    if (statusOf(error) === 422) return error;
    throw error;
  }
}

/** Gives undefined for what is not there. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
