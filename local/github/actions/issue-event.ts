// Events about issues. A pull request is an issue too, and then the event has another name.
import { emit } from "../events/emit.ts";
import type { Account, Comment, Hub, Issue, Repository } from "../hub.ts";
import { now } from "../hub.ts";
import { showComment, showIssue } from "../shapes/issue.ts";
import { showPull } from "../shapes/pull.ts";

export interface IssueEvent {
  repository: Repository;
  issue: Issue;
  sender: Account;
  action: string;
  /** What the payload has besides the issue: `label`, `changes`. */
  extra?: Record<string, unknown>;
}

export async function emitIssue(hub: Hub, { repository, issue, sender, action, extra }: IssueEvent) {
  issue.updatedAt = now();
  if (!issue.pull) {
    const payload = { issue: showIssue(hub, repository, issue), ...extra };
    return emit(hub, { event: "issues", action, repository, sender, payload });
  }
  const payload = { number: issue.number, pull_request: await showPull(hub, repository, issue), ...extra };
  emit(hub, { event: "pull_request", action, repository, sender, payload });
}

export interface CommentEvent {
  repository: Repository;
  comment: Comment;
  sender: Account;
  action: "created" | "edited" | "deleted";
  changes?: Record<string, unknown>;
}

export function emitComment(hub: Hub, { repository, comment, sender, action, changes }: CommentEvent): void {
  const payload = {
    issue: showIssue(hub, repository, comment.issue),
    comment: showComment(hub, repository, comment),
    ...(changes ? { changes } : {}),
  };
  emit(hub, { event: "issue_comment", action, repository, sender, payload });
}
