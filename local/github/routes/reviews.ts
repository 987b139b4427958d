// Reviews of pull requests, and the threads that they open on lines of the diff. Pending reviews are not served.
import { z } from "zod";
import { emitReview, emitReviewComment } from "../actions/review-event.ts";
import { changedFiles } from "../git/diff.ts";
import { hunkAt } from "../git/hunks.ts";
import { type Issue, now, type Review, type ReviewThread } from "../hub.ts";
import { accountOf, appOf } from "../lookups.ts";
import { page } from "../rest/page.ts";
import { must, Problem } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { pullOf, rangeOf } from "../shapes/pull.ts";
import { showReview, showReviewComment } from "../shapes/review.ts";
import { pullIn } from "./pulls.ts";

const one = "/repos/{owner}/{repo}/pulls/{pull_number}";

export const reviewRoutes: Route[] = [
  { method: "GET", path: `${one}/reviews`, permission: "pull_requests:read", handler: listReviews },
  {
    method: "POST",
    path: `${one}/reviews`,
    permission: "pull_requests:write",
    role: "read",
    createsContent: true,
    handler: createReview,
  },
  {
    method: "GET",
    path: `${one}/reviews/{review_id}/comments`,
    permission: "pull_requests:read",
    handler: listCommentsOfReview,
  },
  { method: "GET", path: `${one}/comments`, permission: "pull_requests:read", handler: listComments },
  {
    method: "POST",
    path: `${one}/comments/{comment_id}/replies`,
    permission: "pull_requests:write",
    role: "read",
    createsContent: true,
    handler: reply,
  },
];

function listReviews(request: ApiRequest) {
  const { hub, repository } = request;
  const issue = pullIn(request);
  return page(request, pullOf(issue).reviews, (review) => showReview(hub, { repository, issue }, review));
}

function commentsOf(issue: Issue) {
  return pullOf(issue).threads.flatMap((thread) => thread.comments.map((comment) => ({ thread, comment })));
}

function listCommentsOfReview(request: ApiRequest) {
  const { hub, repository } = request;
  const issue = pullIn(request);
  const review = must(pullOf(issue).reviews.find(({ id }) => id === request.id("review_id")));
  const own = commentsOf(issue).filter(({ comment }) => comment.reviewId === review.id);
  return page(request, own, ({ thread, comment }) => {
    // GitHub describes these without the line, by their position in the diff.
    const {
      line: _,
      side: __,
      start_line: ___,
      start_side: ____,
      ...shown
    } = showReviewComment(hub, { repository, issue }, thread, comment);
    const position = thread.diffHunk.split("\n").length - 1;
    return { ...shown, position, original_position: position };
  });
}

function listComments(request: ApiRequest) {
  const { hub, repository } = request;
  const issue = pullIn(request);
  const since = Date.parse(request.query("since") ?? "1970-01-01T00:00:00Z");
  const wanted = commentsOf(issue)
    .filter(({ comment }) => Date.parse(comment.createdAt) >= since)
    .toSorted((a, b) => a.comment.id - b.comment.id);
  return page(request, wanted, ({ thread, comment }) =>
    showReviewComment(hub, { repository, issue }, thread, comment),
  );
}

const longest = 65_536;
const text = z.string().max(longest, `body is too long (maximum is ${longest} characters)`);
const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;
const onLine = z.object({
  path: z.string(),
  start_line: z.number().int().positive().optional(),
  line: z.number().int().positive(),
  start_side: z.enum(["LEFT", "RIGHT"]).optional(),
  side: z.enum(["LEFT", "RIGHT"]).default("RIGHT"),
  body: text.min(1),
});
const newReview = z.object({
  commit_id: z.string().optional(),
  event: z.enum(["APPROVE", "REQUEST_CHANGES", "COMMENT"]),
  body: text.default(""),
  comments: z.array(onLine).default([]),
});

async function createReview(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const issue = pullIn(request);
  const input = request.input(newReview, "PullRequestReview");
  requireOthers(request, issue, input.event);
  if (input.event !== "APPROVE" && !input.body && input.comments.length === 0) {
    throw unprocessable("Body can't be blank");
  }
  const pull = pullOf(issue);
  const commitSha = input.commit_id ?? pull.head.sha;
  const written = { author: accountOf(actor), app: appOf(actor), createdAt: now() };
  const review: Review = {
    ...written,
    id: hub.nextId(),
    body: input.body,
    state: states[input.event],
    commitSha,
    reactions: [],
  };
  const threads: ReviewThread[] = [];
  for (const { body, start_line: startLine, start_side: _, ...line } of input.comments) {
    const comment = { ...written, id: hub.nextId(), reviewId: review.id, body, reactions: [] };
    const place = { ...line, ...(startLine !== undefined && { startLine }) };
    const diffHunk = await hunkOf(request, issue, { ...place, commitSha });
    threads.push({ ...place, commitSha, diffHunk, id: hub.nextId(), isResolved: false, comments: [comment] });
  }
  pull.reviews.push(review);
  pull.threads.push(...threads);
  emitReview(hub, { repository, issue, review });
  for (const thread of threads)
    for (const comment of thread.comments) emitReviewComment(hub, { repository, issue, thread, comment });
  return { body: showReview(hub, { repository, issue }, review) };
}

/** Nobody judges what they propose themselves. */
function requireOthers({ actor }: ApiRequest, issue: Issue, event: keyof typeof states): void {
  if (event === "COMMENT" || accountOf(actor) !== issue.author) return;
  const what = event === "APPROVE" ? "approve" : "request changes on";
  throw unprocessable(`Review Can not ${what} your own pull request`);
}

type LinePlace = Pick<ReviewThread, "path" | "startLine" | "line" | "side" | "commitSha">;

async function hunkOf({ hub, repository }: ApiRequest, issue: Issue, place: LinePlace): Promise<string> {
  const { from } = await rangeOf(hub, repository, issue);
  const files = await changedFiles(hub, repository, from, place.commitSha).catch(() => {
    throw unprocessable("commit_id is not part of the pull request");
  });
  const file = files.find(({ filename }) => filename === place.path);
  if (!file) throw unprocessable("Path could not be resolved");
  const hunk = hunkAt(file.patch ?? "", place.side, place.line);
  if (!hunk) throw unprocessable("Line could not be resolved");
  if (place.startLine === undefined) return hunk;
  if (place.startLine >= place.line) throw unprocessable("start_line must precede the end line.");
  if (!hunkAt(hunk, place.side, place.startLine)) {
    throw unprocessable("pull_request_review_thread.start_line must be part of the same hunk as the line.");
  }
  return hunk;
}

function unprocessable(why: string): Problem {
  return new Problem(422, "Unprocessable Entity", { errors: [why] });
}

function reply(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const issue = pullIn(request);
  const pull = pullOf(issue);
  const top = request.id("comment_id");
  // GitHub takes replies to the first comment of a thread only.
  const thread = must(pull.threads.find(({ comments }) => comments[0]?.id === top));
  const { body } = request.input(z.object({ body: text.min(1) }), "PullRequestReviewComment");
  const written = { author: accountOf(actor), app: appOf(actor), createdAt: now() };
  const reviewId = hub.nextId();
  const commitSha = pull.head.sha;
  const review: Review = {
    ...{ ...written, id: reviewId, body: "", commitSha },
    state: "COMMENTED",
    reactions: [],
  };
  pull.reviews.push(review);
  const comment = { ...written, id: hub.nextId(), reviewId, body, reactions: [] };
  thread.comments.push(comment);
  emitReview(hub, { repository, issue, review });
  emitReviewComment(hub, { repository, issue, thread, comment });
  const shown = showReviewComment(hub, { repository, issue }, thread, comment);
  return { status: 201, body: shown, headers: { location: shown.url } };
}
