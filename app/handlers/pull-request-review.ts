import type { Context } from "probot";
import type { AppDeps } from "../deps.ts";
import { isOwnBot } from "../own-bot.ts";
import { standingOf } from "../policy/standing.ts";
import { pullRequestOf } from "../pull-request-of.ts";
import { startOnEvent, workflowFor } from "../start-on-event.ts";
import { askedInReview, onWritten } from "./written.ts";

/** A review by a person who may write may start a workflow. When its text holds commands, these are what it asks for. */
export async function onReviewSubmitted(
  context: Context<"pull_request_review.submitted">,
  deps: AppDeps,
): Promise<void> {
  const { sender, pull_request: pull, review } = context.payload;
  const standing = standingOf(sender, deps, review);
  if (standing === "own" || (await isOwnBot(sender, deps))) return;
  if (await onWritten(review.body, askedInReview(context), deps)) return;
  if (pull.state !== "open") return;
  const workflow = await workflowFor(
    "pull_request_review",
    ({ states }) => states.some((state) => state === review.state),
    { context, deps },
  );
  if (!workflow) return;
  const pullRequest = await pullRequestOf(pull, deps.db);
  const { id, state, html_url: url } = review;
  const about = {
    kind: "pull_request_review" as const,
    at: review.submitted_at ?? pull.updated_at,
    issue: pull,
    pullRequest,
    review: { id, state, url },
  };
  await startOnEvent(workflow, about, { context, deps, standing });
}
