// Runs the executions that the queue names. Losing a job loses nothing: the sweeper finds the row.
import { z } from "zod";
import type { Database } from "../shared/db.ts";
import { messageOf, PermanentFault } from "../shared/errors.ts";
import type { GitHubApp } from "../shared/github.ts";
import type { Logger } from "../shared/logger.ts";
import type { Attempt, Queues } from "../shared/queue.ts";
import { parseWorkflow } from "../shared/workflow.ts";
import type { AgentDefinition } from "./agent/agent-definition.ts";
import { createTranscriptStore } from "./agent/transcript.ts";
import { openJournal } from "./engine/journal.ts";
import { type Claim, claimExecution, keepLease, releaseExecution, StaleLease } from "./engine/lease.ts";
import { runWorkflow } from "./engine/run-workflow.ts";
import { runStep } from "./engine/steps.ts";
import type { Model } from "./llm/model.ts";
import { requestReport } from "./report/report.ts";
import { openAudit } from "./tools/audit.ts";
import type { RegisteredServer } from "./tools/registry.ts";
import { createToolboxes } from "./tools/toolbox.ts";

export type WorkerDeps = {
  db: Database;
  queues: Queues;
  github: GitHubApp;
  servers: RegisteredServer[];
  secret: string;
  agents: Map<string, AgentDefinition>;
  model: Model;
  budgetUsd: number;
  /** Aborted when the process ends. */
  shutdown: AbortSignal;
  log: Logger;
};

export function takeExecutions(deps: WorkerDeps, concurrency: number): void {
  deps.queues.work("executions", (id, attempt) => processExecution(id, attempt, deps), { concurrency });
}

/** Runs one execution as far as it goes. A passing fault leaves it to the queue's next attempt, from where it was. */
export async function processExecution(id: string, attempt: Attempt, deps: WorkerDeps): Promise<void> {
  if (!z.uuid().safeParse(id).success) throw new PermanentFault(`Expected an execution's id, got ${id}.`);
  const claim = await claimExecution(deps.db.pool, id);
  if (!claim) return;

  const log = deps.log.child({ execution_id: id, workflow: claim.workflow });
  const lost = new AbortController();
  const lease = keepLease(deps.db.pool, claim, log, (reason) => lost.abort(reason));
  const signal = AbortSignal.any([deps.shutdown, lost.signal]);
  log.info({ attempt: attempt.number }, "execution claimed");
  try {
    await runClaimed(claim, { ...deps, log }, signal, !attempt.isLast);
  } catch (error) {
    if (error instanceof StaleLease) return log.warn("execution lost to another worker");
    lease.stop();
    await releaseExecution(deps.db.pool, claim);
    if (!deps.shutdown.aborted) throw error;
    await deps.queues.nudge("executions", id);
    log.info("execution handed back");
  } finally {
    lease.stop();
  }
}

async function runClaimed(
  claim: Claim,
  deps: WorkerDeps,
  signal: AbortSignal,
  mayRetry: boolean,
): Promise<void> {
  const { db, log } = deps;
  const onChange = () => changed(claim.id, deps);
  const journal = openJournal(db.pool, claim, onChange);
  const stepDeps = {
    openToolbox: createToolboxes({
      execution: claim,
      servers: deps.servers,
      secret: deps.secret,
      audit: openAudit(db.pool, claim, onChange),
      mintReadToken: () => mintReadToken(claim, deps.github),
    }),
    transcripts: createTranscriptStore(db.pool, claim, onChange),
    agents: deps.agents,
    model: deps.model,
    budgetUsd: deps.budgetUsd,
    log,
  };
  await requestReport(deps.queues, claim.id, { now: true });
  const failure = await failureOf(signal, mayRetry, async () =>
    runWorkflow({
      execution: claim,
      definition: parseWorkflow(claim.source, claim.workflow).definition,
      journal,
      runStep: (step, inputs, stepSignal) => runStep(step, inputs, { ...stepDeps, signal: stepSignal }),
      signal,
      mayRetry,
      log,
    }),
  );
  await journal.finishExecution(failure === undefined ? "succeeded" : "failed", failure);
  await requestReport(deps.queues, claim.id, { now: true });
  log.info({ status: failure === undefined ? "succeeded" : "failed", error: failure }, "execution finished");
}

/** A fault outside of any step that nothing can cure, or that no further attempt follows, is how the execution ends. */
async function failureOf(
  signal: AbortSignal,
  mayRetry: boolean,
  run: () => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof PermanentFault) return error.message;
    if (error instanceof StaleLease || signal.aborted || mayRetry) throw error;
    return messageOf(error);
  }
}

function mintReadToken({ trigger }: Claim, github: GitHubApp): Promise<string> {
  const { installation, repository } = trigger;
  return github.mintToken({ installation, repo: repository.name, permissions: { contents: "read" } });
}

/** A report that can't be asked for now is found by the sweeper: the row says which revision was reported. */
function changed(id: string, { queues, log }: WorkerDeps): void {
  requestReport(queues, id).catch((error) => log.warn({ error: messageOf(error) }, "report not requested"));
}
