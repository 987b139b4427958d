// A check run is made and changed the same way by REST and by GraphQL.
import type { z } from "zod";
import { resolveCommit } from "../git/commits.ts";
import { type App, type CheckRun, type Hub, now, type Repository } from "../hub.ts";
import { Problem } from "../rest/problem.ts";
import type { checkRunUpdate, newCheckRun } from "../routes/check-run-input.ts";
import { emitCheckRun } from "./check-run-event.ts";

type Update = z.infer<typeof checkRunUpdate>;

export async function createCheckRun(
  hub: Hub,
  { repository, app }: { repository: Repository; app: App },
  input: z.infer<typeof newCheckRun>,
): Promise<CheckRun> {
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
  return run;
}

export function updateCheckRun(
  hub: Hub,
  { repository, run }: { repository: Repository; run: CheckRun },
  input: Update,
): void {
  const wasCompleted = run.status === "completed";
  change(run, input);
  if (wasCompleted || run.status !== "completed") return;
  emitCheckRun(hub, { repository, run, sender: run.app.bot, action: "completed" });
}

function change(run: CheckRun, input: Update): void {
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
