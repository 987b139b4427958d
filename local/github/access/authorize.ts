// May the actor use the route? Decided by the kind of token, its repositories, its permissions, or a person's role.
import { type Account, type Actor, type Hub, type Level, type Repository, type Role, roles } from "../hub.ts";
import { covers } from "../lookups.ts";
import { forbidden, notFound, Problem } from "../rest/problem.ts";
import type { Permission, Route } from "../rest/route.ts";
import { badCredentials } from "./identify.ts";

const levels: Level[] = ["read", "write", "admin"];

/** Throws the answer that GitHub would give to somebody who may not. */
export function authorize(actor: Actor, route: Route, repository: Repository | undefined) {
  const permissions = [route.permission].flat();
  if (permissions.includes("none")) return;
  if (isOpenToAll(route, repository)) return;
  if (actor.kind === "anonymous") throw new Problem(401, "Requires authentication");
  if (permissions.includes("app")) return requireApp(actor);
  if (actor.kind === "app") throw badCredentials();
  if (permissions.includes("installation")) return requireKind(actor, "installation");
  if (permissions.includes("user")) return requireKind(actor, "user");
  if (!repository) throw notFound();
  if (actor.kind === "user") return authorizePerson(actor.account, route, repository);
  if (!inScope(actor, repository)) throw repository.private ? notFound() : forbidden();
  if (!permissions.some((permission) => grants(actor, permission))) throw forbidden();
}

function isOpenToAll(route: Route, repository: Repository | undefined): boolean {
  return repository?.private === false && levelOf(route) === "read" && !route.alwaysNeedsToken;
}

function requireApp(actor: Actor): void {
  if (actor.kind !== "app") throw new Problem(401, "A JSON web token could not be decoded");
}

function requireKind(actor: Actor, kind: Actor["kind"]): void {
  if (actor.kind !== kind) throw forbidden();
}

function authorizePerson(account: Account, route: Route, repository: Repository): void {
  const role = roleOf(repository, account);
  if (!role) throw notFound();
  if ([route.permission].flat().includes("checks:write")) {
    throw new Problem(403, "You must authenticate via a GitHub App.");
  }
  requireRole(repository, account, route.role ?? (levelOf(route) === "read" ? "read" : "write"));
}

export function requireRole(repository: Repository, account: Account, least: Role): void {
  if (!hasRole(repository, account, least)) {
    throw new Problem(403, `Must have ${least} rights to Repository.`);
  }
}

export function hasRole(repository: Repository, account: Account, least: Role): boolean {
  const role = roleOf(repository, account);
  return role !== undefined && roles.indexOf(role) >= roles.indexOf(least);
}

/** What a person is in a repository: owners are admins, and everybody reads what is public. */
export function roleOf(repository: Repository, account: Account): Role | undefined {
  if (account.id === repository.owner.id) return "admin";
  return repository.collaborators.get(account.id) ?? (repository.private ? undefined : "read");
}

/** Whether an installation token reaches the repository. */
export function inScope(actor: Actor, repository: Repository): boolean {
  if (actor.kind !== "installation") return false;
  const { installation, repositoryIds } = actor.token;
  return covers(installation, repository) && (repositoryIds?.has(repository.id) ?? true);
}

/** Whether an installation token has the permission. Every App may read metadata. */
export function grants(actor: Actor, permission: Permission): boolean {
  if (actor.kind !== "installation") return false;
  if (permission === "metadata:read") return true;
  const [name = "", level = "read"] = permission.split(":");
  const granted = actor.token.permissions[name];
  return granted !== undefined && levels.indexOf(granted) >= levels.indexOf(level as Level);
}

function levelOf(route: Route): string {
  const [first = ""] = [route.permission].flat();
  return first.split(":")[1] ?? "";
}

/** Repositories that the actor's token reaches, for lists. */
export function reachable(hub: Hub, actor: Actor): Repository[] {
  return hub.repositories.filter((repository) => inScope(actor, repository));
}
