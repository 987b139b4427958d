// Finding things in the hub. Names are compared as GitHub does: without case.
import type { Account, Actor, App, Hub, Installation, Issue, Repository } from "./hub.ts";
import { now } from "./hub.ts";

export function findAccount(hub: Hub, login: string): Account | undefined {
  return hub.accounts.get(login.toLowerCase());
}

export function addAccount(hub: Hub, login: string, type: Account["type"]): Account {
  const account = { id: hub.nextId(), login, type, createdAt: now() };
  hub.accounts.set(login.toLowerCase(), account);
  return account;
}

export function findRepository(hub: Hub, owner: string, name: string): Repository | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  return hub.repositories.find((repository) => fullName(repository).toLowerCase() === wanted);
}

/** A repository by a name that it had: a new one of that name comes before it. */
export function findMoved(hub: Hub, owner: string, name: string): Repository | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  return hub.repositories.find((repository) => repository.formerNames.has(wanted));
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

export function findIssue(repository: Repository, number: number): Issue | undefined {
  return repository.issues.find((issue) => issue.number === number);
}

export function repositoriesOf(hub: Hub, installation: Installation): Repository[] {
  return hub.repositories.filter((repository) => covers(installation, repository));
}

/** Whether the installation reaches the repository. */
export function covers(installation: Installation, repository: Repository): boolean {
  if (installation.account.id !== repository.owner.id) return false;
  return installation.repositoryIds?.has(repository.id) ?? true;
}

/** The account that an action is shown as: an App acts as its bot. */
export function accountOf(actor: Actor): Account {
  if (actor.kind === "user") return actor.account;
  if (actor.kind === "installation") return actor.token.installation.app.bot;
  throw new Error(`Expected a user or an installation to act, got ${actor.kind}.`);
}

export function appOf(actor: Actor): App | undefined {
  return actor.kind === "installation" ? actor.token.installation.app : undefined;
}

export function emailOf(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}
