// Comments on issues and pull requests.
import { emitComment } from "../actions/issue-event.ts";
import { addComment, commentInput, editComment } from "../actions/write-comment.ts";
import type { Comment } from "../hub.ts";
import { accountOf } from "../lookups.ts";
import { page } from "../rest/page.ts";
import { must } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { showComment } from "../shapes/issue.ts";
import { issueIn, requireAuthorOrTriage, requireIssuePermission } from "./find-issue.ts";

const issues = "/repos/{owner}/{repo}/issues";
const reading: Route["permission"] = ["issues:read", "pull_requests:read"];
const writing: Route["permission"] = ["issues:write", "pull_requests:write"];

export const commentRoutes: Route[] = [
  {
    method: "GET",
    path: `${issues}/{issue_number}/comments`,
    permission: reading,
    handler: listComments,
  },
  {
    method: "POST",
    path: `${issues}/{issue_number}/comments`,
    permission: writing,
    role: "read",
    createsContent: true,
    handler: createComment,
  },
  {
    method: "GET",
    path: `${issues}/comments/{comment_id}`,
    permission: reading,
    handler: (request) => ({ body: showComment(request.hub, request.repository, commentIn(request)) }),
  },
  {
    method: "PATCH",
    path: `${issues}/comments/{comment_id}`,
    permission: writing,
    role: "read",
    handler: updateComment,
  },
  {
    method: "DELETE",
    path: `${issues}/comments/{comment_id}`,
    permission: writing,
    role: "read",
    handler: deleteComment,
  },
];

/** The comment that the path names by id. */
export function commentIn(request: ApiRequest): Comment {
  const id = request.id("comment_id");
  const all = request.repository.issues.flatMap((issue) => issue.comments);
  const comment = must(all.find((one) => one.id === id));
  requireIssuePermission(request, comment.issue);
  return comment;
}

function listComments(request: ApiRequest) {
  const { hub, repository, query } = request;
  const since = Date.parse(query("since") ?? "1970-01-01");
  const comments = issueIn(request).comments.filter(({ updatedAt }) => Date.parse(updatedAt) >= since);
  return page(request, comments, (comment) => showComment(hub, repository, comment));
}

function createComment(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const issue = issueIn(request);
  const { body } = request.input(commentInput, "IssueComment");
  const shown = showComment(hub, repository, addComment(hub, issue, { repository, actor, body }));
  return { status: 201, body: shown, headers: { location: shown.url } };
}

function updateComment(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const comment = commentIn(request);
  requireAuthorOrTriage(request, comment.author);
  const { body } = request.input(commentInput, "IssueComment");
  editComment(hub, comment, { repository, actor, body });
  return { body: showComment(hub, repository, comment) };
}

function deleteComment(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const comment = commentIn(request);
  requireAuthorOrTriage(request, comment.author);
  comment.issue.comments = comment.issue.comments.filter((other) => other !== comment);
  emitComment(hub, { repository, comment, sender: accountOf(actor), action: "deleted" });
  return { status: 204 };
}
