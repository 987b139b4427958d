import {
  type Hub,
  type Issue,
  nodeId,
  type Repository,
  type Review,
  type ReviewComment,
  type ReviewThread,
} from "../hub.ts";
import { associationOf, showAccount } from "./account.ts";
import { reactionCounts } from "./issue.ts";
import { repositoryApi, repositoryPage } from "./repository.ts";

interface Place {
  repository: Repository;
  issue: Issue;
}

function addresses(hub: Hub, { repository, issue }: Place) {
  return {
    pull: `${repositoryApi(hub, repository)}/pulls/${issue.number}`,
    page: `${repositoryPage(hub, repository)}/pull/${issue.number}`,
  };
}

export function showReview(hub: Hub, place: Place, review: Review) {
  const { pull, page } = addresses(hub, place);
  const html = `${page}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: nodeId("PRR", review.id),
    user: showAccount(hub, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    author_association: associationOf(place.repository, review.author),
    _links: { html: { href: html }, pull_request: { href: pull } },
    submitted_at: review.createdAt,
    commit_id: review.commitSha,
  };
}

export function reviewCommentPage(hub: Hub, place: Place, { id }: ReviewComment): string {
  return `${addresses(hub, place).page}#discussion_r${id}`;
}

export function showReviewComment(hub: Hub, place: Place, thread: ReviewThread, comment: ReviewComment) {
  const { pull } = addresses(hub, place);
  const url = `${repositoryApi(hub, place.repository)}/pulls/comments/${comment.id}`;
  const html = reviewCommentPage(hub, place, comment);
  const [first] = thread.comments;
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId("PRRC", comment.id),
    diff_hunk: thread.diffHunk,
    path: thread.path,
    commit_id: thread.commitSha,
    original_commit_id: thread.commitSha,
    user: showAccount(hub, comment.author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.createdAt,
    html_url: html,
    pull_request_url: pull,
    author_association: associationOf(place.repository, comment.author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pull } },
    ...(thread.startLine === undefined ? {} : { start_line: thread.startLine, start_side: thread.side }),
    line: thread.line,
    side: thread.side,
    ...(first && first !== comment ? { in_reply_to_id: first.id } : {}),
  };
}

/** Webhooks say more of the place than the REST API. A hunk ends at the line that the comment stands on. */
export function showReviewCommentInEvent(
  hub: Hub,
  place: Place,
  thread: ReviewThread,
  comment: ReviewComment,
) {
  const shown = showReviewComment(hub, place, thread, comment);
  const { line, startLine = null, side, diffHunk } = thread;
  const position = diffHunk.split("\n").length - 1;
  return {
    ...shown,
    position,
    original_position: position,
    start_line: startLine,
    original_start_line: startLine,
    original_line: line,
    start_side: startLine === null ? null : side,
    reactions: reactionCounts(comment.reactions, shown.url),
    subject_type: "line",
  };
}
