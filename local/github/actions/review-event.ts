import { emit } from "../events/emit.ts";
import type { Hub, Issue, Repository, Review } from "../hub.ts";
import { showPullInList } from "../shapes/pull.ts";
import { showReview } from "../shapes/review.ts";

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
