// Runs of GitHub Actions: how they went, what their jobs logged, and failed jobs once more.
import type { Hono } from "hono";
import type { Hub } from "../hub.ts";
import type { Environment } from "../rest/environment.ts";
import { page } from "../rest/page.ts";
import { must, Problem } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { showJob, showWorkflowRun } from "../shapes/workflow-run.ts";
import type { Job, WorkflowRun } from "../workflow-run.ts";

const actions = "/repos/{owner}/{repo}/actions";
const one = `${actions}/runs/{run_id}`;

export const actionRoutes: Route[] = [
  { method: "GET", path: `${actions}/runs`, permission: "actions:read", handler: listRuns },
  { method: "GET", path: one, permission: "actions:read", handler: getRun },
  { method: "GET", path: `${one}/jobs`, permission: "actions:read", handler: listJobs },
  {
    method: "GET",
    path: `${actions}/jobs/{job_id}/logs`,
    permission: "actions:read",
    alwaysNeedsToken: true,
    handler: getLog,
  },
  { method: "POST", path: `${one}/rerun-failed-jobs`, permission: "actions:write", handler: rerun },
];

function runIn({ repository, id }: ApiRequest): WorkflowRun {
  const wanted = id("run_id");
  return must(repository.workflowRuns.find((run) => run.id === wanted));
}

async function getRun(request: ApiRequest) {
  return { body: await showWorkflowRun(request.hub, request.repository, runIn(request)) };
}

function listRuns(request: ApiRequest) {
  const { hub, repository, query } = request;
  const wanted = { sha: query("head_sha"), branch: query("branch") };
  const runs = repository.workflowRuns
    .filter(
      ({ headSha, headBranch }) =>
        (wanted.sha ?? headSha) === headSha && (wanted.branch ?? headBranch) === headBranch,
    )
    .reverse();
  const wrap = (shown: unknown[]) => ({ total_count: runs.length, workflow_runs: shown });
  return page(request, runs, (run) => showWorkflowRun(hub, repository, run), wrap);
}

function listJobs(request: ApiRequest) {
  const { hub, repository } = request;
  const run = runIn(request);
  const jobs = request.query("filter") === "all" ? run.jobs : latestOf(run);
  const wrap = (shown: unknown[]) => ({ total_count: jobs.length, jobs: shown });
  return page(request, jobs, (job) => showJob(hub, repository, run, job), wrap);
}

/** Of a job that ran more than once, the last time counts. */
function latestOf({ jobs }: WorkflowRun): Job[] {
  return [...new Map(jobs.map((job) => [job.name, job])).values()];
}

/** GitHub sends to a file elsewhere, whose address is its own key and lives for a minute. */
function getLog({ hub, repository, id }: ApiRequest) {
  const wanted = id("job_id");
  const job = must(repository.workflowRuns.flatMap(({ jobs }) => jobs).find((one) => one.id === wanted));
  if (job.status !== "completed") throw new Problem(404, "Not Found");
  return { status: 302, headers: { location: `${hub.url}/_files/${repository.id}/${job.id}.log` } };
}

/** The files to which the logs' route sends. */
export function serveLogs(server: Hono<Environment>, hub: Hub): void {
  server.get("/_files/:repository/:file", (c) => {
    const repository = must(hub.repositories.find(({ id }) => String(id) === c.req.param("repository")));
    const jobs = repository.workflowRuns.flatMap((run) => run.jobs);
    return c.text(must(jobs.find(({ id }) => `${id}.log` === c.req.param("file"))).log);
  });
}

const oneMonthMs = 30 * 24 * 3_600_000;

function rerun(request: ApiRequest) {
  const run = runIn(request);
  if (run.status !== "completed") throw new Problem(403, "This workflow is already running");
  if (Date.parse(run.createdAt) < Date.now() - oneMonthMs) {
    throw new Problem(403, "Unable to retry this workflow run because it was created over a month ago");
  }
  const failed = latestOf(run).filter(({ conclusion }) => conclusion !== "success");
  if (failed.length === 0) throw new Problem(403, "This workflow run has no failed jobs");
  run.attempt += 1;
  run.status = "queued";
  const again = { attempt: run.attempt, status: "queued" as const, conclusion: null, log: "" };
  run.jobs.push(...failed.map((job) => ({ ...job, ...again, id: request.hub.nextId() })));
  return { status: 201, body: {} };
}
