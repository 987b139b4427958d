import type { Context } from "probot";
import type { AppDeps } from "../deps.ts";
import { askedInComment, onWritten } from "./written.ts";

/** Carries out the commands that somebody wrote in a comment on an issue or a pull request. */
export async function onIssueComment(
  context: Context<"issue_comment.created">,
  deps: AppDeps,
): Promise<void> {
  await onWritten(context.payload.comment.body, askedInComment(context), deps);
}
