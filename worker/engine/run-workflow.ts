// Runs a definition, step by step. It knows step kinds and no domain: that is in the MCP servers.
import {
  Busy,
  FailedWithOutput,
  messageOf,
  Parked,
  PermanentFault,
  ToolFailure,
} from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import type { RepositoryConfig } from "../../shared/repository-config.ts";
import type { RetryReason, Step } from "../../shared/step.ts";
import type { Trigger } from "../../shared/trigger.ts";
import type { Workflow } from "../../shared/workflow.ts";
import { evaluateCondition, evaluateInputs } from "./expressions.ts";
import type { Ending, Journal, SavedStep, StepAttempt, StepOutcome } from "./journal.ts";
import { StaleLease } from "./lease.ts";
import { stoppedAfter } from "./over-time.ts";
import { type Context, contextOf, noteOutcome } from "./step-context.ts";

/** What a step came to: its output, or how long it waits yet. */
export type StepResult = { output: unknown } | { waitMs: number };

/** One step to carry out, with its evaluated inputs. */
export type StepTask = {
  step: Step;
  inputs: Record<string, unknown>;
  /** Writes that the step begins. To be called before anything outside is changed. */
  intent(): Promise<void>;
  /** Aborted at the step's timeout, at a cancellation, and when the execution must be left. */
  signal: AbortSignal;
};

export type Run = {
  execution: { id: string; trigger: Trigger; round?: number };
  definition: Workflow;
  /** What the repository tells of itself: expressions see it as `config`. */
  config: RepositoryConfig;
  /** Where people reach the app, for links to the execution. */
  publicUrl?: string | undefined;
  journal: Journal;
  runStep(task: StepTask): Promise<StepResult>;
  /** Aborted when the execution must be left to another worker, or is paused. */
  signal: AbortSignal;
  /** Aborted when a person cancels: of what follows, only steps with `always()` or `cancelled()` run. */
  cancelled: AbortSignal;
  log: Logger;
};

/** Runs the steps that have no saved result, in order, until the end or until one has to wait. */
export async function runWorkflow(run: Run): Promise<Ending> {
  const saved = new Map((await run.journal.savedSteps()).map((step) => [step.stepId, step]));
  const context = contextOf(run);
  let failure: string | undefined;

  for (const [position, step] of run.definition.steps.entries()) {
    run.signal.throwIfAborted();
    context.isCancelled = run.cancelled.aborted;
    const before = saved.get(step.id);
    const outcome = endedOutcome(before) ?? (await runOnce(run, { step, position, before }, context));
    if (outcome.status === "waiting") return outcome;
    noteOutcome(context, step, outcome);
    if (outcome.status === "failed" && !step["continue-on-error"])
      failure ??= `${step.name ?? step.id}: ${outcome.error}`;
  }
  if (run.cancelled.aborted) return { status: "cancelled", error: messageOf(run.cancelled.reason) };
  return failure === undefined ? { status: "succeeded" } : { status: "failed", error: failure };
}

type Waiting = { status: "waiting"; waitMs: number };
type Begun = { step: Step; position: number; before: SavedStep | undefined };

/** Makes one attempt at a step, and saves what it came to. */
async function runOnce(run: Run, begun: Begun, context: Context): Promise<StepOutcome | Waiting> {
  const { step, position, before } = begun;
  const attempt: StepAttempt = { id: step.id, position, attempt: before?.attempt ?? 1 };
  const log = run.log.child({ step: step.id, attempt: attempt.attempt });
  const startedAt = performance.now();
  const outcome = await outcomeOf(run, { ...begun, attempt }, context, log);
  if (outcome.status === "waiting") return outcome;

  // A person who has it tried again gives it all its attempts anew.
  const tries = attempt.attempt + 1 - (before?.firstAttempt ?? 1);
  if (outcome.status === "failed" && !context.isCancelled && mayRetry(step, tries, outcome.reason)) {
    const waitMs = Math.max(backoffMs(step, tries), outcome.waitMs ?? 0);
    await run.journal.retryLater(attempt, outcome.error, waitMs);
    log.warn({ error: outcome.error, wait_ms: Math.round(waitMs) }, "step will be tried again");
    return { status: "waiting", waitMs };
  }
  const finished = await save(run, attempt, outcome, performance.now() - startedAt);
  log.info({ status: finished.status }, "step finished");
  return finished;
}

/** An output that can't be kept, for its size, is a failure of its step. */
async function save(
  { journal }: Run,
  attempt: StepAttempt,
  outcome: StepOutcome,
  durationMs: number,
): Promise<StepOutcome> {
  try {
    const output = await journal.finish(attempt, outcome, durationMs);
    return "error" in outcome && !("output" in outcome) ? outcome : { ...outcome, output };
  } catch (error) {
    if (!(error instanceof PermanentFault)) throw error;
    const failure = { status: "failed" as const, error: error.message };
    await journal.finish(attempt, failure, durationMs);
    return failure;
  }
}

type Outcome = Exclude<StepOutcome, { status: "failed" | "cancelled" }> | Failed | Waiting;
/** `waitMs`: what failed is known to fail until then. */
type Failed = {
  status: "failed" | "cancelled";
  error: string;
  output?: unknown;
  reason?: RetryReason;
  waitMs?: number;
};

async function outcomeOf(
  run: Run,
  { step, before, attempt }: Begun & { attempt: StepAttempt },
  context: Context,
  log: Logger,
): Promise<Outcome> {
  const minutes = step["timeout-minutes"];
  const timeout = AbortSignal.timeout(minutes * 60_000);
  const signals = context.isCancelled ? [run.signal, timeout] : [run.signal, timeout, run.cancelled];
  try {
    if (!evaluateCondition(step.if, context)) return notRun(context, before);
    // What is cancelled waits for nothing any more.
    const isEarly = before?.status === "pending" && before.waitMs > 0;
    if (isEarly && !context.isCancelled) return { status: "waiting", waitMs: before.waitMs };
    const inputs = evaluateInputs(bodyOf(step), context) as Record<string, unknown>;
    const isWaiting = "approve" in step || "wait" in step;
    log.info(before?.status === "running" ? "step taken up again" : "step started");
    const result = await run.runStep({
      step,
      inputs,
      intent: () => run.journal.begin(attempt, inputs, isWaiting ? "waiting" : "running"),
      signal: AbortSignal.any(signals),
    });
    if ("waitMs" in result)
      return context.isCancelled ? { status: "skipped" } : { status: "waiting", ...result };
    return { status: "succeeded", output: result.output };
  } catch (error) {
    if (error instanceof StaleLease || error instanceof Parked) throw error;
    run.signal.throwIfAborted();
    if (timeout.aborted)
      return {
        status: "failed",
        error: stoppedAfter(minutes),
        reason: "timeout",
      };
    if (run.cancelled.aborted && !context.isCancelled)
      return { status: "cancelled", error: messageOf(run.cancelled.reason) };
    const waitMs = error instanceof Busy ? error.waitSeconds * 1_000 : 0;
    const left =
      error instanceof FailedWithOutput && error.output !== undefined ? { output: error.output } : {};
    return { status: "failed", error: messageOf(error), reason: reasonOf(error), waitMs, ...left };
  }
}

/**
 * A step that had begun when the execution was cancelled is itself cancelled, and so is the first that was not begun when
 * none had: there a retry goes on. Those after it are skipped.
 */
function notRun({ isCancelled, isInterrupted }: Context, before: SavedStep | undefined): Outcome {
  const hadBegun = before?.status === "running" || before?.status === "waiting";
  return isCancelled && (hadBegun || !isInterrupted)
    ? { status: "cancelled", error: "The execution was cancelled." }
    : { status: "skipped" };
}

/** The part of a step that holds its inputs. */
function bodyOf(step: Step): unknown {
  if ("approve" in step) return step.approve;
  if ("wait" in step) return step.wait;
  return step.with;
}

function reasonOf(error: unknown): RetryReason | undefined {
  if (error instanceof ToolFailure) return "tool-failure";
  return error instanceof PermanentFault ? undefined : "passing";
}

function mayRetry({ retry }: Step, tries: number, reason: RetryReason | undefined): boolean {
  return reason !== undefined && retry.on.includes(reason) && tries < retry.attempts;
}

/** Twice as long each time, at most an hour, and a quarter more or less, so that not all come back at once. */
function backoffMs({ retry }: Step, tries: number): number {
  const seconds = Math.min(3_600, retry["backoff-seconds"] * 2 ** (tries - 1));
  return seconds * 1_000 * (0.75 + Math.random() / 2);
}

function endedOutcome(saved: SavedStep | undefined): StepOutcome | undefined {
  if (saved?.status === "failed" || saved?.status === "cancelled")
    return { status: saved.status, error: saved.error ?? "unknown", output: saved.output };
  if (saved?.status === "succeeded" || saved?.status === "skipped")
    return { status: saved.status, output: saved.output };
  return undefined;
}
