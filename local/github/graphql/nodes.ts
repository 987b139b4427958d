// What queries read: repositories, and in them issues, pull requests and review threads. Each field asks for its
// permission when it is read, as on GitHub, so that one that is missing leaves the others standing.
import { entryAt } from "../git/trees.ts";
import {
  type Account,
  type Actor,
  type Comment,
  type Hub,
  type Issue,
  nodeId,
  type Repository,
  type ReviewThread,
} from "../hub.ts";
import { findIssue, findMoved, findRepository, fullName } from "../lookups.ts";
import { showComment, showIssue } from "../shapes/issue.ts";
import { pullOf } from "../shapes/pull.ts";
import { reviewCommentPage } from "../shapes/review.ts";
import { connection, type Slice } from "./connection.ts";
import { refusal, requirePermission } from "./refusals.ts";

interface Asked {
  hub: Hub;
  actor: Actor;
}
interface Place extends Asked {
  repository: Repository;
}

export function repositoryNamed(asked: Asked, { owner, name }: { owner: string; name: string }) {
  const repository = findRepository(asked.hub, owner, name) ?? findMoved(asked.hub, owner, name);
  const missing = refusal("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  if (!repository) throw missing;
  requirePermission(asked.actor, "metadata:read", repository);
  return repositoryNode({ ...asked, repository });
}

export function repositoryNode(place: Place) {
  const { repository } = place;
  return {
    __typename: "Repository",
    id: nodeId("R", repository.id),
    nameWithOwner: fullName(repository),
    issueOrPullRequest({ number }: { number: number }) {
      const issue = findIssue(repository, number);
      if (issue?.pull) return pullNode(place, issue);
      requirePermission(place.actor, "issues:read", repository);
      if (issue) return issueNode(place, issue);
      throw missing("an issue or pull request", number);
    },
    pullRequest({ number }: { number: number }) {
      const issue = findIssue(repository, number);
      if (!issue?.pull) throw missing("a PullRequest", number);
      return pullNode(place, issue);
    },
  };
}

function missing(what: string, number: number) {
  return refusal("NOT_FOUND", `Could not resolve to ${what} with the number of ${number}.`);
}

/** GraphQL shows a bot without the brackets of its login. */
function accountNode({ id, login, type }: Account) {
  return { __typename: type, id: nodeId("U", id), databaseId: id, login: login.replace(/\[bot\]$/, "") };
}

function discussion({ hub, repository }: Place, issue: Issue) {
  const { node_id: id, html_url: url } = showIssue(hub, repository, issue);
  return {
    id,
    url,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    author: accountNode(issue.author),
    labels: (slice: Slice) =>
      connection(issue.labels, slice, ({ id, name }) => ({ id: nodeId("LA", id), name })),
    comments: (slice: Slice) =>
      connection(issue.comments, slice, (comment) => commentNode({ hub, repository }, comment)),
  };
}

export function commentNode({ hub, repository }: Pick<Place, "hub" | "repository">, comment: Comment) {
  return {
    __typename: "IssueComment",
    id: nodeId("IC", comment.id),
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    author: accountNode(comment.author),
    body: comment.body,
    createdAt: comment.createdAt,
    lastEditedAt: comment.editedAt ?? null,
    url: showComment(hub, repository, comment).html_url,
  };
}

/** An issue or a pull request, for who was allowed to change it. */
export function discussionNode(place: Place, issue: Issue) {
  return { ...discussion(place, issue), __typename: issue.pull ? "PullRequest" : "Issue" };
}

function issueNode(place: Place, issue: Issue) {
  return {
    ...discussion(place, issue),
    __typename: "Issue",
    state: issue.state.toUpperCase(),
    closedByPullRequestsReferences(slice: Slice & { includeClosedPrs: boolean }) {
      requirePermission(place.actor, "pull_requests:read", place.repository);
      const closing = place.repository.issues.filter(
        (other) =>
          closes(place.repository, other, issue) && (slice.includeClosedPrs || other.state === "open"),
      );
      return connection(closing, slice, (other) => pullNode(place, other));
    },
  };
}

/** Whether a pull request into the default branch names the issue after one of GitHub's words. */
function closes(repository: Repository, { pull, body }: Issue, { number }: Issue): boolean {
  if (!pull || pull.base.ref !== repository.defaultBranch) return false;
  const named = (body ?? "").matchAll(/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):? +#(\d+)\b/gi);
  return [...named].some(([, found]) => Number(found) === number);
}

function pullNode(place: Place, issue: Issue) {
  requirePermission(place.actor, "pull_requests:read", place.repository);
  const pull = pullOf(issue);
  return {
    ...discussion(place, issue),
    __typename: "PullRequest",
    state: pull.mergedAt ? "MERGED" : issue.state.toUpperCase(),
    isDraft: pull.draft,
    headRefOid: pull.head.sha,
    repository: () => repositoryNode(place),
    reviewThreads: (slice: Slice) =>
      connection(pull.threads, slice, (thread) => threadNode(place, issue, thread)),
  };
}

function threadNode(place: Place, issue: Issue, thread: ReviewThread) {
  const { hub, repository } = place;
  const isOutdated = () => hasChanged(place, issue, thread);
  return {
    __typename: "PullRequestReviewThread",
    id: nodeId("PRRT", thread.id),
    path: thread.path,
    diffSide: thread.side,
    startLine: async () => ((await isOutdated()) ? null : (thread.startLine ?? null)),
    line: async () => ((await isOutdated()) ? null : thread.line),
    originalLine: thread.line,
    isResolved: thread.isResolved,
    isOutdated,
    pullRequest: () => pullNode(place, issue),
    comments: (slice: Slice) =>
      connection(thread.comments, slice, (comment) => ({
        id: nodeId("PRRC", comment.id),
        databaseId: comment.id,
        author: accountNode(comment.author),
        body: comment.body,
        createdAt: comment.createdAt,
        url: reviewCommentPage(hub, { repository, issue }, comment),
      })),
  };
}

/** Whether the file is another than the one that was commented on. */
async function hasChanged({ hub, repository }: Place, issue: Issue, { path, commitSha }: ReviewThread) {
  const commits = [commitSha, pullOf(issue).head.sha];
  const [then, now] = await Promise.all(commits.map((sha) => entryAt(hub, repository, sha, path)));
  return then?.sha !== now?.sha;
}

export function threadWithId(asked: Asked, { id }: { id: string }) {
  for (const repository of asked.hub.repositories) {
    for (const issue of repository.issues) {
      const thread = issue.pull?.threads.find((one) => nodeId("PRRT", one.id) === id);
      if (!thread) continue;
      requirePermission(asked.actor, "pull_requests:read", repository);
      return threadNode({ ...asked, repository }, issue, thread);
    }
  }
  throw refusal("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}
