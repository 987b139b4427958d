import { GraphQLError } from "graphql";
import { authorize } from "../access/authorize.ts";
import type { Actor, Repository, Role } from "../hub.ts";
import { Problem } from "../rest/problem.ts";
import type { Permission } from "../rest/route.ts";

/** An error with the type that GitHub would name. */
export function refusal(type: string | undefined, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: type ? { type } : {} });
}

export function noNode(id: string): GraphQLError {
  return refusal("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'.`);
}

/** The same rules as for REST, in GraphQL's words. */
export function requirePermission(
  actor: Actor,
  permission: Permission | Permission[],
  repository: Repository,
  role?: Role,
): void {
  const isWrite = [permission].flat().some((one) => one.endsWith(":write"));
  try {
    authorize(actor, { method: "POST", path: "", permission, role, handler: () => ({}) }, repository);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 404) throw refusal("NOT_FOUND", "Could not resolve to a node with that name or id.");
    throw refusal("FORBIDDEN", error.message);
  }
  if (isWrite && repository.archived) {
    throw refusal("FORBIDDEN", "Repository was archived so is read-only.");
  }
}
