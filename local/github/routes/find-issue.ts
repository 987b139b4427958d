import { grants, hasRole, requireRole } from "../access/authorize.ts";
import type { Account, Issue } from "../hub.ts";
import { findIssue } from "../lookups.ts";
import { forbidden, must } from "../rest/problem.ts";
import type { ApiRequest } from "../rest/route.ts";

/** The issue that the path names by number. */
export function issueIn(request: ApiRequest): Issue {
  const issue = must(findIssue(request.repository, request.id("issue_number")));
  requireIssuePermission(request, issue);
  return issue;
}

/** The permission on pull requests opens only those issues that are pull requests. */
export function requireIssuePermission({ actor, method, repository }: ApiRequest, issue: Issue): void {
  if (actor.kind !== "installation" || issue.pull) return;
  const level = method === "GET" ? "read" : "write";
  if (level === "read" && !repository.private) return;
  if (!grants(actor, `issues:${level}`)) throw forbidden();
}

/** People change what they wrote themselves; the rest needs a role. Apps were checked by permission. */
export function requireAuthorOrTriage({ actor, repository }: ApiRequest, author: Account): void {
  if (actor.kind !== "user" || actor.account === author) return;
  requireRole(repository, actor.account, "triage");
}

/** Whether the labels that come with a new issue are taken; GitHub drops them silently otherwise. */
export function mayLabel({ actor, repository }: ApiRequest): boolean {
  return actor.kind !== "user" || hasRole(repository, actor.account, "triage");
}
