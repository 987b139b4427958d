// Issues. Pull requests are issues too, and show up here.
import { z } from "zod";
import { addIssue } from "../actions/add-issue.ts";
import { emitIssue } from "../actions/issue-event.ts";
import { assign, reassign } from "../actions/set-assignees.ts";
import { setLabels } from "../actions/set-labels.ts";
import { setState } from "../actions/set-state.ts";
import type { Issue } from "../hub.ts";
import { accountOf, appOf } from "../lookups.ts";
import { page } from "../rest/page.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { showIssue } from "../shapes/issue.ts";
import { issueIn, mayLabel, requireAuthorOrTriage } from "./find-issue.ts";

const issues = "/repos/{owner}/{repo}/issues";

export const issueRoutes: Route[] = [
  {
    method: "GET",
    path: issues,
    permission: ["issues:read", "pull_requests:read"],
    handler: listIssues,
  },
  {
    method: "POST",
    path: issues,
    permission: "issues:write",
    role: "read",
    createsContent: true,
    handler: createIssue,
  },
  {
    method: "GET",
    path: `${issues}/{issue_number}`,
    permission: ["issues:read", "pull_requests:read"],
    handler: (request) => ({ body: showIssue(request.hub, request.repository, issueIn(request)) }),
  },
  {
    method: "PATCH",
    path: `${issues}/{issue_number}`,
    permission: ["issues:write", "pull_requests:write"],
    role: "read",
    handler: updateIssue,
  },
];

function listIssues(request: ApiRequest) {
  const { hub, repository } = request;
  const matching = repository.issues.filter((issue) => matches(request, issue));
  const key = request.query("sort") === "updated" ? "updatedAt" : "createdAt";
  const sorted = matching.toSorted((a, b) => a[key].localeCompare(b[key]) || a.number - b.number);
  if (request.query("direction") !== "asc") sorted.reverse();
  return page(request, sorted, (issue) => showIssue(hub, repository, issue));
}

function matches({ query }: ApiRequest, issue: Issue): boolean {
  const state = query("state") ?? "open";
  const labels = query("labels")?.split(",") ?? [];
  const has = (name: string) => issue.labels.some((label) => label.name.toLowerCase() === name.toLowerCase());
  return (
    (state === "all" || issue.state === state) &&
    labels.every(has) &&
    (query("creator") ?? issue.author.login) === issue.author.login &&
    Date.parse(issue.updatedAt) >= Date.parse(query("since") ?? issue.updatedAt)
  );
}

const labelNames = z.array(
  z.union([z.string().min(1), z.object({ name: z.string().min(1) }).transform(({ name }) => name)]),
);
const title = z.union([z.string().min(1), z.number().transform(String)]);
const logins = z.array(z.string());
const newIssue = z.object({
  title,
  body: z.string().nullish(),
  labels: labelNames.default([]),
  assignees: logins.default([]),
});

async function createIssue(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const { title, body, labels, assignees } = request.input(newIssue, "Issue");
  const sender = accountOf(actor);
  const issue = addIssue(hub, repository, { title, body: body ?? null, author: sender, app: appOf(actor) });
  await emitIssue(hub, { repository, issue, sender, action: "opened" });
  if (mayLabel(request)) {
    await setLabels(hub, { repository, issue, sender }, labels);
    await assign(hub, { repository, issue, sender }, assignees);
  }
  const shown = showIssue(hub, repository, issue);
  return { status: 201, body: shown, headers: { location: shown.url } };
}

const issueUpdate = z.object({
  title: title.optional(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  state_reason: z.enum(["completed", "not_planned", "duplicate", "reopened"]).nullish(),
  labels: labelNames.optional(),
  assignees: logins.optional(),
});

async function updateIssue(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const issue = issueIn(request);
  requireAuthorOrTriage(request, issue.author);
  const { title, body, state, state_reason: reason, labels, assignees } = request.input(issueUpdate, "Issue");
  await editText(request, issue, { title, body });
  const sender = accountOf(actor);
  if (labels && mayLabel(request)) await setLabels(hub, { repository, issue, sender }, labels);
  if (assignees && mayLabel(request)) await reassign(hub, { repository, issue, sender }, assignees);
  if (state) await setState(hub, { repository, issue, sender, state, reason });
  return { body: showIssue(hub, repository, issue) };
}

interface Text {
  title?: string | undefined;
  body?: string | null | undefined;
}

/** Changes title and body where they differ, and says so in an `edited` event. */
export async function editText(request: ApiRequest, issue: Issue, text: Text): Promise<void> {
  const changes: Record<string, { from: string }> = {};
  if (text.title !== undefined && text.title !== issue.title) changes.title = { from: issue.title };
  if (text.body !== undefined && text.body !== issue.body) changes.body = { from: issue.body ?? "" };
  if (Object.keys(changes).length === 0) return;
  if (text.title !== undefined) issue.title = text.title;
  if (text.body !== undefined) issue.body = text.body;
  const { hub, repository, actor } = request;
  await emitIssue(hub, { repository, issue, sender: accountOf(actor), action: "edited", extra: { changes } });
}
