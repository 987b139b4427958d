import {
  type Comment,
  type Hub,
  type Issue,
  type Label,
  nodeId,
  type Reaction,
  type Repository,
} from "../hub.ts";
import { associationOf, showAccount, showApp } from "./account.ts";
import { repositoryApi, repositoryPage } from "./repository.ts";

export function showIssue(hub: Hub, repository: Repository, issue: Issue) {
  const api = repositoryApi(hub, repository);
  const url = `${api}/issues/${issue.number}`;
  const page = repositoryPage(hub, repository);
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: `${page}/${issue.pull ? "pull" : "issues"}/${issue.number}`,
    id: issue.id,
    node_id: issue.pull ? nodeId("PR", issue.pull.id) : nodeId("I", issue.id),
    number: issue.number,
    title: issue.title,
    body: issue.body,
    user: showAccount(hub, issue.author),
    labels: issue.labels.map((label) => showLabel(hub, repository, label)),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: false,
    active_lock_reason: null,
    assignee: issue.assignees[0] ? showAccount(hub, issue.assignees[0]) : null,
    assignees: issue.assignees.map((account) => showAccount(hub, account)),
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedBy && showAccount(hub, issue.closedBy),
    author_association: associationOf(repository, issue.author),
    reactions: reactionCounts(issue.reactions, url),
    performed_via_github_app: issue.app ? showApp(hub, issue.app) : null,
    ...(issue.pull ? pullLinks(api, page, issue) : {}),
  };
}

function pullLinks(api: string, page: string, issue: Issue) {
  const html = `${page}/pull/${issue.number}`;
  return {
    draft: issue.pull?.draft,
    pull_request: {
      url: `${api}/pulls/${issue.number}`,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: issue.pull?.mergedAt ?? null,
    },
  };
}

export function showLabel(hub: Hub, repository: Repository, label: Label) {
  return {
    id: label.id,
    node_id: nodeId("LA", label.id),
    url: `${repositoryApi(hub, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

export function showComment(hub: Hub, repository: Repository, comment: Comment) {
  const api = repositoryApi(hub, repository);
  const { issue } = comment;
  const kind = issue.pull ? "pull" : "issues";
  const url = `${api}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${repositoryPage(hub, repository)}/${kind}/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    user: showAccount(hub, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(repository, comment.author),
    body: comment.body,
    reactions: reactionCounts(comment.reactions, url),
    performed_via_github_app: comment.app ? showApp(hub, comment.app) : null,
  };
}

export const reactionKinds = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"] as const;

export function reactionCounts(reactions: Reaction[], url: string) {
  const count = (kind: string) => reactions.filter(({ content }) => content === kind).length;
  return {
    url: `${url}/reactions`,
    total_count: reactions.length,
    ...Object.fromEntries(reactionKinds.map((kind) => [kind, count(kind)])),
  };
}

export function showReaction(hub: Hub, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId("REA", reaction.id),
    user: showAccount(hub, reaction.author),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}
