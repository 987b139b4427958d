import { budgetLimits } from "../shared/budget.ts";
import { Busy, messageOf, Parked, PermanentFault } from "../shared/errors.ts";
import { getHistory } from "../shared/own-tools.ts";
import { checkForkTools } from "../shared/reading-tools.ts";
import type { RepositoryConfig } from "../shared/repository-config.ts";
import { checkTools } from "../shared/repository-tools.ts";
import { parseWorkflow } from "../shared/workflow.ts";
import type { AgentDefinition } from "./agent/agent-definition.ts";
import { createBackground } from "./agent/background.ts";
import { createSteering } from "./agent/steering.ts";
import { createTranscriptStore } from "./agent/transcript.ts";
import { createApprovals } from "./engine/approvals.ts";
import { type Budget, openBudget } from "./engine/budget.ts";
import type { Claim } from "./engine/claim.ts";
import { type Ending, openJournal } from "./engine/journal.ts";
import { StaleLease } from "./engine/lease.ts";
import { runStep } from "./engine/run-step.ts";
import { runWorkflow } from "./engine/run-workflow.ts";
import { createWaits } from "./engine/waits.ts";
import { withoutSecrets } from "./engine/without-secrets.ts";
import { readHistory } from "./history.ts";
import { refusalOf, requireControls } from "./late-controls.ts";
import { budgeted } from "./llm/budget.ts";
import { readConfig } from "./read-config.ts";
import { postReminder } from "./report/reminder.ts";
import { coalesceMs, requestReport } from "./report/report.ts";
import { requireSender } from "./require-sender.ts";
import { openAudit } from "./tools/audit.ts";
import { withForkUnheard, withForkUnrun } from "./tools/fork-toolbox.ts";
import { withOwnTools } from "./tools/own-toolbox.ts";
import { createToolboxes } from "./tools/toolbox.ts";
import { withTriggeredText } from "./tools/triggered-text.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** What ends the work on an execution before its end. */
export type Stops = {
  /** Aborted when this worker has to leave it, for whatever reason. */
  left: AbortSignal;
  paused: AbortSignal;
  cancelled: AbortSignal;
};

/** Runs a claimed execution as far as it goes, and writes down how it is left. */
export async function runClaimed(claim: Claim, deps: WorkerDeps, stops: Stops): Promise<Ending> {
  const { db, queues, log } = deps;
  // A report that can't be asked for now is found by a chore: the row says which revision was reported.
  const askForReport = (when?: { now: boolean }) =>
    requestReport(queues, claim.id, when).catch((error) =>
      log.warn({ error: messageOf(error) }, "report not requested"),
    );
  let askedAt = Number.NEGATIVE_INFINITY;
  const onChange = () => {
    // The report that was asked for last comes later than this, and shows this change too.
    if (performance.now() - askedAt < coalesceMs / 2) return;
    askedAt = performance.now();
    void askForReport();
  };
  const audit = openAudit(db.pool, claim, deps.redact);
  const saving = { onChange, audit };
  const journal = withoutSecrets(openJournal(db.pool, claim, saving), deps.redact);
  const openServers = createToolboxes({
    execution: claim,
    registry: deps.registry,
    mcp: deps.mcp,
    secret: deps.secret,
    audit,
    redact: deps.redact,
    mintReadToken: () => mintReadToken(claim, deps),
  });
  const openToolbox = withOwnTools(openServers, { [getHistory]: () => readHistory(claim, deps) });
  const stepDeps = (config: RepositoryConfig, budget: Budget) => ({
    openToolbox: async (step: { stepId: string; tools: string[] }) => {
      checkTools(claim.origin, step.tools);
      checkForkTools(claim, step.tools);
      const { trigger } = claim;
      const toolbox = withForkUnheard(withForkUnrun(await openToolbox(step), trigger), trigger, config);
      return withTriggeredText(toolbox, trigger);
    },
    transcripts: createTranscriptStore(db.pool, claim, { ...saving, budget }),
    steering: createSteering(claim, {
      ...{ pool: db.pool, log },
      refusalOf: (asked) => refusalOf(asked, claim, deps),
    }),
    approvals: createApprovals(db.pool, claim, (approval) => postReminder(approval, claim, deps.github)),
    waits: createWaits(db.pool, claim),
    agents: deps.agents,
    modelFor: async (agent: AgentDefinition) =>
      budgeted(deps.models.modelFor({ agent, repository: config.model }), budget),
    config,
    // The budgeted model asks people for more: an agent is not stopped for it.
    budgetUsd: Number.POSITIVE_INFINITY,
    redact: deps.redact,
    background: createBackground(db.pool, claim),
    log,
  });
  await askForReport({ now: true });
  const ending = await endingOf(stops, async () => {
    await requireSender(claim, deps);
    await requireControls(claim, { pool: db.pool, github: deps.github });
    const config = await readConfig(claim, deps);
    const budget = openBudget(db.pool, claim, { limits: budgetLimits(deps.budget, config.budget), log });
    const ready = stepDeps(config, budget);
    return runWorkflow({
      execution: claim,
      definition: parseWorkflow(claim.source, claim.workflow).definition,
      config,
      // One that goes on elsewhere links as it did before.
      publicUrl: claim.config === null ? deps.publicUrl : (claim.publicUrl ?? undefined),
      journal,
      runStep: (task) => runStep(task, ready),
      signal: stops.left,
      cancelled: stops.cancelled,
      log,
    });
  }).finally(() => audit.flush());
  await journal.leave(ending);
  await askForReport({ now: true });
  return ending;
}

/** A fault outside of any step that nothing can cure is how the execution ends. */
async function endingOf({ paused, left }: Stops, run: () => Promise<Ending>): Promise<Ending> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof StaleLease) throw error;
    if (paused.aborted && left.reason === paused.reason) return { status: "paused" };
    if (error instanceof Parked && !left.aborted) return { status: "paused", reason: error.message };
    if (error instanceof Busy && !left.aborted)
      return { status: "waiting", waitMs: error.waitSeconds * 1_000 };
    if (error instanceof PermanentFault && !left.aborted) return { status: "failed", error: error.message };
    throw error;
  }
}

function mintReadToken({ trigger }: Claim, { github }: WorkerDeps): Promise<string> {
  const { installation, repository } = trigger;
  return github.mintToken({ installation, repo: repository.name, permissions: { contents: "read" } });
}
