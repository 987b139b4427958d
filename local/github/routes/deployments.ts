// Deployments: what shall be, or was, put where, and how that went.
import { z } from "zod";
import { resolveCommit } from "../git/commits.ts";
import { type Deployment, now } from "../hub.ts";
import { accountOf, appOf } from "../lookups.ts";
import { page } from "../rest/page.ts";
import { must, Problem } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { showDeployment, showDeploymentStatus } from "../shapes/deployment.ts";

const deployments = "/repos/{owner}/{repo}/deployments";
const statuses = `${deployments}/{deployment_id}/statuses`;

export const deploymentRoutes: Route[] = [
  { method: "GET", path: deployments, permission: "deployments:read", handler: list },
  { method: "POST", path: deployments, permission: "deployments:write", handler: create },
  { method: "GET", path: statuses, permission: "deployments:read", handler: listStatuses },
  { method: "POST", path: statuses, permission: "deployments:write", handler: createStatus },
];

function list(request: ApiRequest) {
  const { hub, repository, query } = request;
  const matching = repository.deployments.filter(
    (one) =>
      one.environment === (query("environment") ?? one.environment) &&
      one.ref === (query("ref") ?? one.ref) &&
      one.sha === (query("sha") ?? one.sha) &&
      one.task === (query("task") ?? one.task),
  );
  return page(request, matching.toReversed(), (one) => showDeployment(hub, repository, one));
}

const newDeployment = z.object({
  ref: z.string().min(1),
  task: z.string().default("deploy"),
  auto_merge: z.boolean().default(true),
  /** Undefined: every status of the commit has to be good. */
  required_contexts: z.array(z.string()).optional(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
  environment: z.string().default("production"),
  description: z.string().max(140, "description is too long (maximum is 140 characters)").nullish(),
});

async function create(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const { ref, task, environment, payload, description, ...rules } = request.input(
    newDeployment,
    "Deployment",
  );
  const sha = await resolveCommit(hub, repository, ref);
  if (!sha) throw new Problem(422, `No ref found for: ${ref}`);
  requireGoodChecks(request, sha, rules.required_contexts);
  const deployment: Deployment = {
    id: hub.nextId(),
    author: accountOf(actor),
    app: appOf(actor),
    createdAt: now(),
    ...{ sha, ref, task, environment, payload },
    description: description ?? null,
    statuses: [],
  };
  repository.deployments.push(deployment);
  return { status: 201, body: showDeployment(hub, repository, deployment) };
}

function requireGoodChecks({ repository }: ApiRequest, sha: string, wanted: string[] | undefined): void {
  const runs = repository.checkRuns.filter((run) => run.headSha === sha);
  const bad = runs.filter(
    ({ name, conclusion }) => (wanted ?? [name]).includes(name) && conclusion !== "success",
  );
  const missing = wanted?.filter((name) => !runs.some((run) => run.name === name)) ?? [];
  if (bad.length + missing.length === 0) return;
  throw new Problem(409, `Conflict: Commit status checks failed for ${sha}.`);
}

function deploymentIn({ repository, id }: ApiRequest): Deployment {
  const wanted = id("deployment_id");
  return must(repository.deployments.find((one) => one.id === wanted));
}

function listStatuses(request: ApiRequest) {
  const { hub, repository } = request;
  const deployment = deploymentIn(request);
  return page(request, deployment.statuses.toReversed(), (status) =>
    showDeploymentStatus(hub, repository, deployment, status),
  );
}

const newStatus = z.object({
  state: z.enum(["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]),
  log_url: z.string().default(""),
  environment_url: z.string().default(""),
  description: z.string().max(140, "description is too long (maximum is 140 characters)").default(""),
  auto_inactive: z.boolean().default(true),
});

function createStatus(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const deployment = deploymentIn(request);
  const input = request.input(newStatus, "DeploymentStatus");
  const written = { author: accountOf(actor), app: appOf(actor), createdAt: now() };
  const add = (to: Deployment, state: string, more = { description: "", logUrl: "", environmentUrl: "" }) => {
    const status = { ...written, ...more, id: hub.nextId(), state };
    to.statuses.push(status);
    return status;
  };
  const { description, log_url: logUrl, environment_url: environmentUrl } = input;
  const status = add(deployment, input.state, { description, logUrl, environmentUrl });
  // What was good there before is not in use any more.
  for (const other of input.state === "success" && input.auto_inactive ? repository.deployments : []) {
    const isReplaced = other.id < deployment.id && other.environment === deployment.environment;
    if (isReplaced && other.statuses.at(-1)?.state === "success") add(other, "inactive");
  }
  return { status: 201, body: showDeploymentStatus(hub, repository, deployment, status) };
}
