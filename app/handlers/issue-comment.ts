import type { Context } from "probot";
import type { AppDeps } from "../deps.ts";
import { isByPerson } from "../policy/cause.ts";
import { askedInComment, onWritten } from "./written.ts";

/** Carries out the commands that a person wrote in a comment on an issue or a pull request. */
export async function onIssueComment(
  context: Context<"issue_comment.created">,
  deps: AppDeps,
): Promise<void> {
  const { comment, sender } = context.payload;
  if (!isByPerson(sender, deps.appId, comment)) return;
  await onWritten(comment.body, askedInComment(context), deps);
}
