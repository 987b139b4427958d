// Runs a definition, step by step. It knows step kinds and no domain: that is in the MCP servers.
import { messageOf, PermanentFault, ToolFailure } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import type { Step } from "../../shared/step.ts";
import type { Trigger } from "../../shared/trigger.ts";
import type { Workflow } from "../../shared/workflow.ts";
import { type ExpressionContext, evaluateCondition, evaluateInputs } from "./expressions.ts";
import type { Journal, SavedStep, StepOutcome } from "./journal.ts";

export type Run = {
  execution: { id: string; trigger: Trigger };
  definition: Workflow;
  journal: Journal;
  /** Carries out one step with its evaluated inputs and gives its output. The signal is aborted at the step's timeout, too. */
  runStep(step: Step, inputs: Record<string, unknown>, signal: AbortSignal): Promise<unknown>;
  /** Aborted when the execution must be left to another worker. */
  signal: AbortSignal;
  /** Whether a passing fault will be tried again later. */
  mayRetry: boolean;
  log: Logger;
};

/** Runs the steps that have no saved result, in order. Gives the first failure, or undefined when all went well. */
export async function runWorkflow(run: Run): Promise<string | undefined> {
  const saved = new Map((await run.journal.savedSteps()).map((step) => [step.stepId, step]));
  const context = contextOf(run);
  let failure: string | undefined;

  for (const [position, step] of run.definition.steps.entries()) {
    run.signal.throwIfAborted();
    const outcome = savedOutcome(saved.get(step.id)) ?? (await runOnce(run, step, position, context));
    Object.assign(context.values.steps, { [step.id]: resultOf(step, outcome) });
    if (outcome.status !== "failed" || step["continue-on-error"]) continue;
    failure ??= `${step.name ?? step.id}: ${outcome.error}`;
    context.hasFailed = true;
  }
  return failure;
}

async function runOnce(
  run: Run,
  step: Step,
  position: number,
  context: ExpressionContext,
): Promise<StepOutcome> {
  const log = run.log.child({ step: step.id });
  const outcome = await attempt(run, step, position, context, log);
  await run.journal.finish({ id: step.id, position }, outcome);
  log.info({ status: outcome.status }, "step finished");
  return outcome;
}

async function attempt(
  run: Run,
  step: Step,
  position: number,
  context: ExpressionContext,
  log: Logger,
): Promise<StepOutcome> {
  const minutes = step["timeout-minutes"];
  const timeout = AbortSignal.timeout(minutes * 60_000);
  try {
    if (!evaluateCondition(step.if, context)) return { status: "skipped" };
    const inputs = evaluateInputs("with" in step ? step.with : {}, context) as Record<string, unknown>;
    await run.journal.begin({ id: step.id, position, input: inputs });
    log.info("step started");
    return {
      status: "succeeded",
      output: await run.runStep(step, inputs, AbortSignal.any([run.signal, timeout])),
    };
  } catch (error) {
    run.signal.throwIfAborted();
    if (timeout.aborted)
      return { status: "failed", error: `It was stopped after ${minutes} minutes (\`timeout-minutes\`).` };
    const isPermanent = error instanceof PermanentFault || error instanceof ToolFailure;
    if (!isPermanent && run.mayRetry) throw error;
    return { status: "failed", error: messageOf(error) };
  }
}

type Context = ExpressionContext & { values: { steps: object } };

function contextOf({ execution, definition }: Run): Context {
  const { repository, issue, sender, instructions } = execution.trigger;
  // The last digits of the id are random; they make names that belong to this execution alone.
  const key = execution.id.slice(-8);
  return {
    values: {
      repository,
      issue,
      sender,
      instructions,
      execution: { id: execution.id, key, workflow: definition.name },
      steps: {},
    },
    hasFailed: false,
  };
}

function savedOutcome(saved: SavedStep | undefined): StepOutcome | undefined {
  if (!saved || saved.status === "running") return undefined;
  if (saved.status === "failed") return { status: "failed", error: saved.error ?? "unknown" };
  return { status: saved.status, output: saved.output };
}

/** A step as expressions see it, in the words of GitHub Actions: `continue-on-error` changes the conclusion only. */
function resultOf(step: Step, outcome: StepOutcome) {
  const words = { succeeded: "success", failed: "failure", skipped: "skipped" };
  const isForgiven = outcome.status === "failed" && step["continue-on-error"];
  return {
    outputs: outcome.status === "failed" ? {} : (outcome.output ?? {}),
    outcome: words[outcome.status],
    conclusion: isForgiven ? "success" : words[outcome.status],
  };
}
