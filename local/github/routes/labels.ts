// The labels a repository has, and those that an issue wears.
import { z } from "zod";
import { findLabel, setLabels } from "../actions/set-labels.ts";
import type { Issue, Label } from "../hub.ts";
import { accountOf } from "../lookups.ts";
import { page } from "../rest/page.ts";
import { invalid, must, Problem } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { showLabel } from "../shapes/issue.ts";
import { issueIn } from "./find-issue.ts";

const labels = "/repos/{owner}/{repo}/labels";
const worn = "/repos/{owner}/{repo}/issues/{issue_number}/labels";
const reading: Route["permission"] = ["issues:read", "pull_requests:read"];
const writing: Route["permission"] = ["issues:write", "pull_requests:write"];

export const labelRoutes: Route[] = [
  { method: "GET", path: labels, permission: reading, handler: listLabels },
  { method: "POST", path: labels, permission: writing, handler: createLabel },
  { method: "GET", path: `${labels}/{name}`, permission: reading, handler: getLabel },
  { method: "PATCH", path: `${labels}/{name}`, permission: writing, handler: updateLabel },
  { method: "DELETE", path: `${labels}/{name}`, permission: writing, handler: deleteLabel },
  { method: "GET", path: worn, permission: reading, handler: listWorn },
  { method: "POST", path: worn, permission: writing, role: "triage", handler: addToIssue },
  { method: "PUT", path: worn, permission: writing, role: "triage", handler: setOnIssue },
  { method: "DELETE", path: `${worn}/{name}`, permission: writing, role: "triage", handler: takeFromIssue },
];

const color = z.string().regex(/^[0-9a-fA-F]{6}$/, "color is six hexadecimal digits without a #");
const description = z.string().max(100).nullish();
const newLabel = z.object({ name: z.string().min(1).max(50), color: color.default("ededed"), description });
const labelUpdate = z.object({
  new_name: z.string().min(1).optional(),
  color: color.optional(),
  description,
});

function labelIn({ repository, param }: ApiRequest): Label {
  return must(findLabel(repository, param("name")));
}

function show(request: ApiRequest, label: Label) {
  return showLabel(request.hub, request.repository, label);
}

function listLabels(request: ApiRequest) {
  return page(request, request.repository.labels, (label) => show(request, label));
}

function getLabel(request: ApiRequest) {
  return { body: show(request, labelIn(request)) };
}

function createLabel(request: ApiRequest) {
  const { hub, repository } = request;
  const { name, color, description } = request.input(newLabel, "Label");
  if (findLabel(repository, name)) throw invalid("Label", "name", "already_exists");
  const label = { id: hub.nextId(), name, color: color.toLowerCase(), description: description ?? null };
  repository.labels.push(label);
  return { status: 201, body: show(request, label) };
}

function updateLabel(request: ApiRequest) {
  const label = labelIn(request);
  const { new_name: name, color, description } = request.input(labelUpdate, "Label");
  const taken = name && findLabel(request.repository, name);
  if (taken && taken !== label) throw invalid("Label", "name", "already_exists");
  label.name = name ?? label.name;
  label.color = color ?? label.color;
  if (description !== undefined) label.description = description;
  return { body: show(request, label) };
}

function deleteLabel(request: ApiRequest) {
  const { repository } = request;
  const label = labelIn(request);
  repository.labels = repository.labels.filter((other) => other !== label);
  for (const issue of repository.issues) issue.labels = issue.labels.filter((other) => other !== label);
  return { status: 204 };
}

function listWorn(request: ApiRequest) {
  return page(request, issueIn(request).labels, (label) => show(request, label));
}

const named = z.union([
  z.string().min(1),
  z.object({ name: z.string().min(1) }).transform(({ name }) => name),
]);
// GitHub takes the list itself as well.
const labelList = z.union([z.object({ labels: z.array(named).default([]) }), z.array(named)]);

function namesIn(request: ApiRequest): string[] {
  const input = request.input(labelList, "Label");
  return Array.isArray(input) ? input : input.labels;
}

async function wear(request: ApiRequest, issue: Issue, names: string[]) {
  const { hub, repository, actor } = request;
  await setLabels(hub, { repository, issue, sender: accountOf(actor) }, names);
  return { body: issue.labels.map((label) => show(request, label)) };
}

function addToIssue(request: ApiRequest) {
  const issue = issueIn(request);
  return wear(request, issue, [...issue.labels.map(({ name }) => name), ...namesIn(request)]);
}

function setOnIssue(request: ApiRequest) {
  return wear(request, issueIn(request), namesIn(request));
}

function takeFromIssue(request: ApiRequest) {
  const issue = issueIn(request);
  const label = findLabel(request.repository, request.param("name"));
  if (!label || !issue.labels.includes(label)) throw new Problem(404, "Label does not exist");
  const rest = issue.labels.filter((other) => other !== label);
  return wear(
    request,
    issue,
    rest.map(({ name }) => name),
  );
}
