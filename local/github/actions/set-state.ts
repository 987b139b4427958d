import type { Account, Hub, Issue, Repository } from "../hub.ts";
import { now } from "../hub.ts";
import { emitIssue } from "./issue-event.ts";

interface StateChange {
  repository: Repository;
  issue: Issue;
  sender: Account;
  state: "open" | "closed";
  reason?: string | null | undefined;
}

/** Closes or reopens an issue or pull request; nothing happens when it is in that state already. */
export async function setState(
  hub: Hub,
  { repository, issue, sender, state, reason }: StateChange,
): Promise<void> {
  if (issue.state === state) return;
  const isClosing = state === "closed";
  issue.state = state;
  issue.closedAt = isClosing ? now() : null;
  issue.closedBy = isClosing ? sender : null;
  if (!issue.pull) issue.stateReason = reason ?? (isClosing ? "completed" : "reopened");
  await emitIssue(hub, { repository, issue, sender, action: isClosing ? "closed" : "reopened" });
}

const closingWords = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)/gi;

/** The numbers of the issues that a merged pull request's text closes. */
export function closedByText(text: string): number[] {
  return [...text.matchAll(closingWords)].map((match) => Number(match[1]));
}
