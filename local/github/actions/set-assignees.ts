import { hasRole } from "../access/authorize.ts";
import type { Account, Hub, Issue, Repository } from "../hub.ts";
import { findAccount } from "../lookups.ts";
import { showAccount } from "../shapes/account.ts";
import { emitIssue } from "./issue-event.ts";

/** GitHub's limit. */
const most = 10;

type About = { repository: Repository; issue: Issue; sender: Account };

/** Assigns them, with one event for each. Who can't be assigned is silently left out, and so are those beyond the tenth. */
export async function assign(hub: Hub, about: About, logins: string[]): Promise<void> {
  for (const login of logins) {
    const assignee = findAccount(hub, login);
    const { issue } = about;
    if (!assignee || issue.assignees.includes(assignee) || issue.assignees.length >= most) continue;
    if (!isAssignable(hub, about, assignee)) continue;
    issue.assignees = [...issue.assignees, assignee];
    await emitIssue(hub, { ...about, action: "assigned", extra: { assignee: showAccount(hub, assignee) } });
  }
}

export async function unassign(hub: Hub, about: About, logins: string[]): Promise<void> {
  const { issue } = about;
  for (const assignee of issue.assignees.filter((one) => logins.some((login) => isCalled(one, login)))) {
    issue.assignees = issue.assignees.filter((one) => one !== assignee);
    await emitIssue(hub, { ...about, action: "unassigned", extra: { assignee: showAccount(hub, assignee) } });
  }
}

/** Makes them those who are assigned. */
export async function reassign(hub: Hub, about: About, logins: string[]): Promise<void> {
  const gone = about.issue.assignees.filter((one) => !logins.some((login) => isCalled(one, login)));
  await unassign(
    hub,
    about,
    gone.map(({ login }) => login),
  );
  await assign(hub, about, logins);
}

/** Who may write, who has written there, and the bots of the few Apps that may be assigned. */
function isAssignable(hub: Hub, { repository, issue }: About, account: Account): boolean {
  if (account.type === "Bot")
    return hub.apps.some(({ bot, isAssignable }) => bot === account && isAssignable);
  const hasWritten = issue.author === account || issue.comments.some(({ author }) => author === account);
  return hasRole(repository, account, "write") || (hasWritten && hasRole(repository, account, "read"));
}

function isCalled({ login }: Account, name: string): boolean {
  return login.toLowerCase() === name.toLowerCase();
}
