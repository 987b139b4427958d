import type { Context } from "probot";
import type { AppDeps } from "../deps.ts";
import { askedOnLine, onWritten } from "./written.ts";

/** Carries out the commands that a person wrote on a line of a pull request's diff. */
export async function onReviewComment(
  context: Context<"pull_request_review_comment.created">,
  deps: AppDeps,
): Promise<void> {
  await onWritten(context.payload.comment.body, askedOnLine(context), deps);
}
