import { emit } from "../events/emit.ts";
import type { Hub, Issue, Repository, Review, ReviewComment, ReviewThread } from "../hub.ts";
import { showPullInList } from "../shapes/pull.ts";
import { showReview, showReviewCommentInEvent } from "../shapes/review.ts";

/** Tells of a review. A reply in a thread makes one, too. Webhooks write its state in small letters. */
export function emitReview(
  hub: Hub,
  { repository, issue, review }: { repository: Repository; issue: Issue; review: Review },
): void {
  const shown = showReview(hub, { repository, issue }, review);
  const payload = {
    review: { ...shown, state: review.state.toLowerCase() },
    pull_request: showPullInList(hub, repository, issue),
  };
  emit(hub, {
    event: "pull_request_review",
    action: "submitted",
    repository,
    sender: review.author,
    payload,
  });
}

/** Tells of a comment on a line of the diff, beside the review that it belongs to. */
export function emitReviewComment(
  hub: Hub,
  about: { repository: Repository; issue: Issue; thread: ReviewThread; comment: ReviewComment },
): void {
  const { repository, issue, thread, comment } = about;
  const payload = {
    comment: showReviewCommentInEvent(hub, { repository, issue }, thread, comment),
    pull_request: showPullInList(hub, repository, issue),
  };
  emit(hub, {
    event: "pull_request_review_comment",
    action: "created",
    repository,
    sender: comment.author,
    payload,
  });
}
