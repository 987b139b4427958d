import type { Account, Hub, Issue, Label, Repository } from "../hub.ts";
import { showLabel } from "../shapes/issue.ts";
import { emitIssue } from "./issue-event.ts";

/** The repository's label of that name; GitHub makes up one that is not there yet. */
export function labelNamed(hub: Hub, repository: Repository, name: string): Label {
  const known = findLabel(repository, name);
  if (known) return known;
  const label = { id: hub.nextId(), name, color: "ededed", description: null };
  repository.labels.push(label);
  return label;
}

export function findLabel(repository: Repository, name: string): Label | undefined {
  return repository.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

/** Makes the issue's labels exactly these, with one event for each that comes or goes. */
export async function setLabels(
  hub: Hub,
  { repository, issue, sender }: { repository: Repository; issue: Issue; sender: Account },
  names: string[],
): Promise<void> {
  const wanted = new Set(names.map((name) => labelNamed(hub, repository, name)));
  const removed = issue.labels.filter((label) => !wanted.has(label));
  const added = [...wanted].filter((label) => !issue.labels.includes(label));
  for (const label of removed) {
    issue.labels = issue.labels.filter((other) => other !== label);
    const extra = { label: showLabel(hub, repository, label) };
    await emitIssue(hub, { repository, issue, sender, action: "unlabeled", extra });
  }
  for (const label of added) {
    issue.labels = [...issue.labels, label];
    const extra = { label: showLabel(hub, repository, label) };
    await emitIssue(hub, { repository, issue, sender, action: "labeled", extra });
  }
}
