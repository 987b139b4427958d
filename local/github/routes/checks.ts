// Check runs: only Apps write them, and only their own.
import type { z } from "zod";
import { emitCheckRun } from "../actions/check-run-event.ts";
import { resolveCommit } from "../git/commits.ts";
import { type CheckRun, now } from "../hub.ts";
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
  const input = request.input(newCheckRun, "CheckRun");
  const sha = await resolveCommit(hub, repository, input.head_sha);
  if (sha !== input.head_sha) throw new Problem(422, `No commit found for SHA: ${input.head_sha}`);
  const sibling = repository.checkRuns.find((run) => run.app === app && run.headSha === sha);
  const run: CheckRun = {
    id: hub.nextId(),
    suiteId: sibling?.suiteId ?? hub.nextId(),
    app,
    name: input.name,
    headSha: sha,
    externalId: "",
    detailsUrl: null,
    status: "queued",
    conclusion: null,
    startedAt: now(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  };
  change(run, input);
  repository.checkRuns.push(run);
  const sender = app.bot;
  emitCheckRun(hub, { repository, run, sender, action: "created" });
  if (run.status === "completed") emitCheckRun(hub, { repository, run, sender, action: "completed" });
  return { status: 201, body: showCheckRun(hub, repository, run) };
}

function updateRun(request: ApiRequest) {
  const { hub, repository } = request;
  const run = runIn(request);
  if (run.app !== appOf(request.actor)) throw forbidden();
  const wasCompleted = run.status === "completed";
  change(run, request.input(checkRunUpdate, "CheckRun"));
  if (!wasCompleted && run.status === "completed") {
    emitCheckRun(hub, { repository, run, sender: run.app.bot, action: "completed" });
  }
  return { body: showCheckRun(hub, repository, run) };
}

function change(run: CheckRun, input: z.infer<typeof checkRunUpdate>): void {
  run.name = input.name ?? run.name;
  run.externalId = input.external_id ?? run.externalId;
  run.detailsUrl = input.details_url ?? run.detailsUrl;
  run.startedAt = input.started_at ?? run.startedAt;
  run.actions = input.actions ?? run.actions;
  if (input.output) {
    const { title, summary, text, annotations } = input.output;
    run.output = { title: title ?? run.output.title, summary, text: text ?? null };
    // GitHub adds the annotations of each request to those it has.
    run.annotations.push(...annotations);
  }
  // A conclusion completes a run; any other status takes the conclusion away again.
  run.status = input.conclusion ? "completed" : (input.status ?? run.status);
  const isCompleted = run.status === "completed";
  run.conclusion = isCompleted ? (input.conclusion ?? run.conclusion) : null;
  run.completedAt = isCompleted ? (input.completed_at ?? run.completedAt ?? now()) : null;
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
