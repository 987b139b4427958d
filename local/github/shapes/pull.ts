import { readCommits } from "../git/commits.ts";
import { changedFiles, mergeBase } from "../git/diff.ts";
import { mergeTrees } from "../git/merge.ts";
import { readRefs } from "../git/refs.ts";
import { type Hub, type Issue, nodeId, type Pull, type Repository } from "../hub.ts";
import { must } from "../rest/problem.ts";
import { associationOf, showAccount } from "./account.ts";
import { showIssue } from "./issue.ts";
import { repositoryApi, repositoryPage, showRepository } from "./repository.ts";

export function pullOf(issue: Issue | undefined): Pull {
  return must(issue?.pull);
}

/** A pull request as lists show it. */
export function showPullInList(hub: Hub, repository: Repository, issue: Issue) {
  const pull = pullOf(issue);
  const api = repositoryApi(hub, repository);
  const url = `${api}/pulls/${issue.number}`;
  const page = `${repositoryPage(hub, repository)}/pull/${issue.number}`;
  const { labels, user, assignee, assignees, milestone } = showIssue(hub, repository, issue);
  const links = {
    html_url: page,
    issue_url: `${api}/issues/${issue.number}`,
    comments_url: `${api}/issues/${issue.number}/comments`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    commits_url: `${url}/commits`,
    statuses_url: `${api}/statuses/${pull.head.sha}`,
  };
  return {
    url,
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    ...links,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    number: issue.number,
    state: issue.state,
    locked: false,
    active_lock_reason: null,
    title: issue.title,
    body: issue.body,
    user,
    labels,
    milestone,
    assignee,
    assignees,
    requested_reviewers: [],
    requested_teams: [],
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    draft: pull.draft,
    auto_merge: null,
    head: showEnd(hub, repository, pull.head),
    base: showEnd(hub, repository, pull.base),
    author_association: associationOf(repository, issue.author),
    _links: showLinks(url, links),
  };
}

function showEnd(hub: Hub, repository: Repository, end: Pull["head"]) {
  const home = end.fork ?? repository;
  const { owner } = home;
  return {
    label: `${owner.login}:${end.ref}`,
    ref: end.ref,
    sha: end.sha,
    user: showAccount(hub, owner),
    // Of a fork that was deleted GitHub keeps the commits, and shows no repository.
    repo: hub.repositories.includes(home) ? showRepository(hub, home) : null,
  };
}

function showLinks(url: string, links: Record<string, string>) {
  const pairs = Object.entries(links).map(([name, href]) => [name.replace("_url", ""), { href }]);
  const { html, issue, comments, review_comments, review_comment, commits, statuses } =
    Object.fromEntries(pairs);
  return { self: { href: url }, html, issue, comments, review_comments, review_comment, commits, statuses };
}

/** A single pull request, with what git has to say about it. */
export async function showPull(hub: Hub, repository: Repository, issue: Issue) {
  const pull = pullOf(issue);
  const { from, base } = await rangeOf(hub, repository, issue);
  const files = await changedFiles(hub, repository, from, pull.head.sha);
  const commits = await readCommits(hub, repository, [`${base}..${pull.head.sha}`]);
  const isOpen = issue.state === "open";
  const mergeable = isOpen ? (await mergeTrees(hub, repository, base, pull.head.sha)) !== undefined : null;
  return {
    ...showPullInList(hub, repository, issue),
    merged: pull.mergedAt !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeableState(mergeable, pull),
    merged_by: pull.mergedBy && showAccount(hub, pull.mergedBy),
    comments: issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commits.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

function mergeableState(mergeable: boolean | null, pull: Pull): string {
  if (mergeable === null) return "unknown";
  if (!mergeable) return "dirty";
  return pull.draft ? "draft" : "clean";
}

/** What a pull request changes: from the common ancestor to its head. Once closed, the base stays where it was. */
export async function rangeOf(hub: Hub, repository: Repository, issue: Issue) {
  const { base, head } = pullOf(issue);
  const tips = await readRefs(hub, repository, "refs/heads/");
  const tip = issue.state === "open" ? (tips.get(`refs/heads/${base.ref}`) ?? base.sha) : base.sha;
  const from = (await mergeBase(hub, repository, tip, head.sha)) ?? tip;
  return { from, base: tip };
}
