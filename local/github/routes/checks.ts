// Check runs: only Apps write them, and only their own.
import { createCheckRun, updateCheckRun } from "../actions/write-check-run.ts";
import { resolveCommit } from "../git/commits.ts";
import type { CheckRun } from "../hub.ts";
import { appOf } from "../lookups.ts";
import { page } from "../rest/page.ts";
import { forbidden, must, Problem } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { showCheckRun } from "../shapes/check-run.ts";
import { repositoryApi } from "../shapes/repository.ts";
import { checkRunUpdate, newCheckRun } from "./check-run-input.ts";

const runs = "/repos/{owner}/{repo}/check-runs";

export const checkRoutes: Route[] = [
  { method: "POST", path: runs, permission: "checks:write", handler: createRun },
  {
    method: "GET",
    path: `${runs}/{check_run_id}`,
    permission: "checks:read",
    handler: (request) => ({ body: showCheckRun(request.hub, request.repository, runIn(request)) }),
  },
  { method: "PATCH", path: `${runs}/{check_run_id}`, permission: "checks:write", handler: updateRun },
  {
    method: "GET",
    path: `${runs}/{check_run_id}/annotations`,
    permission: "checks:read",
    handler: listAnnotations,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{ref}/check-runs",
    permission: "checks:read",
    handler: listRuns,
  },
];

function runIn({ repository, id }: ApiRequest): CheckRun {
  const wanted = id("check_run_id");
  return must(repository.checkRuns.find((run) => run.id === wanted));
}

async function createRun(request: ApiRequest) {
  const { hub, repository } = request;
  const app = must(appOf(request.actor));
  const run = await createCheckRun(hub, { repository, app }, request.input(newCheckRun, "CheckRun"));
  return { status: 201, body: showCheckRun(hub, repository, run) };
}

function updateRun(request: ApiRequest) {
  const { hub, repository } = request;
  const run = runIn(request);
  if (run.app !== appOf(request.actor)) throw forbidden();
  updateCheckRun(hub, { repository, run }, request.input(checkRunUpdate, "CheckRun"));
  return { body: showCheckRun(hub, repository, run) };
}

function listAnnotations(request: ApiRequest) {
  const { hub, repository } = request;
  const run = runIn(request);
  const blob = `${repositoryApi(hub, repository)}/git/blobs/${run.headSha}`;
  return page(request, run.annotations, (annotation) => ({
    start_column: null,
    end_column: null,
    title: null,
    raw_details: null,
    ...annotation,
    blob_href: blob,
  }));
}

async function listRuns(request: ApiRequest) {
  const { hub, repository, param, query } = request;
  const sha = await resolveCommit(hub, repository, param("ref"));
  if (!sha) throw new Problem(422, `No commit found for SHA: ${param("ref")}`);
  const matching = repository.checkRuns.filter(
    (run) =>
      run.headSha === sha &&
      run.name === (query("check_name") ?? run.name) &&
      run.status === (query("status") ?? run.status) &&
      String(run.app.id) === (query("app_id") ?? String(run.app.id)),
  );
  const shown = query("filter") === "all" ? matching : latestOf(matching);
  const wrap = (check_runs: unknown[]) => ({ total_count: shown.length, check_runs });
  return page(request, shown.toReversed(), (run) => showCheckRun(hub, repository, run), wrap);
}

/** Of runs with the same name by the same App, GitHub lists the newest unless asked for all. */
function latestOf(runs: CheckRun[]): CheckRun[] {
  return [...new Map(runs.map((run) => [`${run.app.id} ${run.name}`, run])).values()];
}
