import type { Account, App, Hub, Issue, Repository } from "../hub.ts";
import { now } from "../hub.ts";

interface NewIssue {
  title: string;
  body: string | null;
  author: Account;
  app: App | undefined;
}

/** Adds an issue with the repository's next number. Says nothing to anybody: the caller emits the events. */
export function addIssue(hub: Hub, repository: Repository, { title, body, author, app }: NewIssue): Issue {
  const issue: Issue = {
    id: hub.nextId(),
    number: repository.nextNumber++,
    title,
    body,
    author,
    app,
    state: "open",
    stateReason: null,
    labels: [],
    assignees: [],
    createdAt: now(),
    updatedAt: now(),
    closedAt: null,
    closedBy: null,
    comments: [],
    reactions: [],
  };
  repository.issues.push(issue);
  return issue;
}
