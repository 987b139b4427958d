import type { Context } from "probot";
import { unlessGone } from "../../shared/unless-gone.ts";
import type { AppDeps } from "../deps.ts";
import { isOwnBot } from "../own-bot.ts";
import { standingOf } from "../policy/standing.ts";
import { pullRequestOf } from "../pull-request-of.ts";
import { startOnEvent, workflowFor } from "../start-on-event.ts";
import { askedInReview, commandsIn, onWritten } from "./written.ts";

type Submitted = Context<"pull_request_review.submitted">;

/** A review by a person who may write may start a workflow. When its text holds commands, these are what it asks for. */
export async function onReviewSubmitted(context: Submitted, deps: AppDeps): Promise<void> {
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
  if (!workflow || (await hasNothingToAnswer(context, deps))) return;
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

/**
 * Whether a review says nothing itself, and each of its comments on lines is a command, or whether it is gone. GitHub makes
 * such a review of every single comment on a line; what they ask for comes with an event of each comment.
 */
async function hasNothingToAnswer(context: Submitted, deps: AppDeps): Promise<boolean> {
  const { review, pull_request: pull } = context.payload;
  if (review.body || review.state !== "commented") return false;
  const comments = await unlessGone(
    context.octokit.rest.pulls.listCommentsForReview({
      ...{ ...context.repo(), pull_number: pull.number, review_id: review.id, per_page: 100 },
    }),
  );
  if (!comments) return true;
  const found = await Promise.all(comments.data.map(({ body }) => commandsIn(body, context, deps)));
  return found.length > 0 && found.every((commands) => commands.length > 0);
}
