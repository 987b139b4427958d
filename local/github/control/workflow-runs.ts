// Runs of GitHub Actions from outside: nothing runs here, so somebody says how it went.
import { emit } from "../events/emit.ts";
import { readRefs } from "../git/refs.ts";
import { type Hub, now, type Repository } from "../hub.ts";
import { fullName } from "../lookups.ts";
import { Problem } from "../rest/problem.ts";
import { actorOf, showWorkflowRun } from "../shapes/workflow-run.ts";
import type { WorkflowRun } from "../workflow-run.ts";
import type { Control, ControlRequest } from "./control.ts";
import { endedRun, newWorkflowRun } from "./inputs.ts";
import { repositoryIn } from "./repositories.ts";

const runs = "/repositories/:owner/:repo/workflow-runs";

export const workflowRunControls: Control[] = [
  { method: "POST", path: runs, handler: addWorkflowRun },
  { method: "POST", path: `${runs}/:id/end`, handler: endWorkflowRun },
];

async function addWorkflowRun({ hub, param, input }: ControlRequest) {
  const repository = repositoryIn(hub, param);
  const { branch, createdAt, jobs, ...wanted } = input(newWorkflowRun);
  const headSha = await tipOf(hub, repository, branch);
  const run: WorkflowRun = {
    ...wanted,
    id: hub.nextId(),
    headSha,
    headBranch: branch,
    attempt: 1,
    createdAt: createdAt ?? now(),
    jobs: jobs.map((job) => ({ ...job, id: hub.nextId(), attempt: 1 })),
  };
  repository.workflowRuns.push(run);
  if (run.status === "completed") await emitCompleted(hub, repository, run);
  return { id: run.id };
}

async function endWorkflowRun({ hub, param, input }: ControlRequest) {
  const repository = repositoryIn(hub, param);
  const { jobs } = input(endedRun);
  const run = repository.workflowRuns.find(
    ({ id, status }) => String(id) === param("id") && status === "queued",
  );
  if (!run) throw new Problem(404, `There is no queued run ${param("id")}.`);
  for (const job of run.jobs.filter(({ status }) => status === "queued")) {
    const ended = jobs[job.name];
    if (!ended) throw new Problem(422, `How did the job ${job.name} end?`);
    Object.assign(job, ended, { status: "completed" });
  }
  const latest = new Map(run.jobs.map((job) => [job.name, job.conclusion]));
  const isGood = [...latest.values()].every((conclusion) => conclusion === "success");
  Object.assign(run, { status: "completed", conclusion: isGood ? "success" : "failure" });
  await emitCompleted(hub, repository, run);
}

async function emitCompleted(hub: Hub, repository: Repository, run: WorkflowRun): Promise<void> {
  const sender = await actorOf(hub, repository, run);
  const payload = { workflow_run: await showWorkflowRun(hub, repository, run), workflow: null };
  emit(hub, { event: "workflow_run", action: "completed", repository, sender, payload });
}

async function tipOf(hub: Hub, repository: Repository, branch: string): Promise<string> {
  const sha = (await readRefs(hub, repository)).get(`refs/heads/${branch}`);
  if (!sha) throw new Problem(422, `There is no branch ${branch} in ${fullName(repository)}.`);
  return sha;
}
