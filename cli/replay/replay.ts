// Runs a recorded execution again, offline: this program's engine and agents, with the recorded answers of models and tools.
import { Cancelled, PermanentFault } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import type { AgentDefinition } from "../../worker/agent/agent-definition.ts";
import { runAgentStep } from "../../worker/agent/run-agent-step.ts";
import type { Ending, Journal } from "../../worker/engine/journal.ts";
import { runWorkflow, type StepResult, type StepTask } from "../../worker/engine/run-workflow.ts";
import { abridged } from "../../worker/tools/audit.ts";
import { asStored, type Difference, Differs, expectSame } from "./difference.ts";
import { MayNotGoOn, RecordingEnds, recordedAgent } from "./recorded-agent.ts";
import type { RecordedStep, Recording } from "./recording.ts";

export type ReplayReport = {
  execution: string;
  /** How many steps came out as recorded. */
  steps: number;
  turns: number;
  toolCalls: number;
  difference?: Difference;
  /** The step where the recording ends, of an execution that has not. */
  endsAt?: string;
};

export type ReplayDeps = {
  agents: Map<string, AgentDefinition>;
  log: Logger;
  /** Is told of each step that came out as recorded. */
  onStep(step: string, status: string): void;
  /** Carries out the steps from this one on for real. */
  live?: { from: string; run(task: StepTask): Promise<StepResult> };
};

/** Replays an execution until its end or the first difference. */
export async function replay(recording: Recording, deps: ReplayDeps): Promise<ReplayReport> {
  const report: ReplayReport = { execution: recording.id, steps: 0, turns: 0, toolCalls: 0 };
  // Whatever a step throws becomes its outcome, unless the execution is to be left.
  const left = new AbortController();
  const cancelled = new AbortController();
  const live = new Set<string>();
  let isLive = false;

  async function runStep(task: StepTask): Promise<StepResult> {
    const { step } = task;
    isLive ||= step.id === deps.live?.from;
    try {
      if (deps.live && (isLive || step["repeat-on-retry"])) {
        live.add(step.id);
        return await deps.live.run(task);
      }
      return await runRecorded(task, { recording, report, cancelled, ...deps });
    } catch (error) {
      if (error instanceof Differs || isEnd(error, recording, step.id)) left.abort(error);
      throw error;
    }
  }

  const journal: Journal = {
    savedSteps: async () => [],
    begin: async ({ id }, input) => {
      if (!live.has(id)) expectSame(id, "its inputs", recording.steps.get(id)?.input, input);
    },
    finish: async ({ id }, { status, ...outcome }) => {
      const recorded = recording.steps.get(id);
      if (!live.has(id) && recorded) {
        expectSame(id, "the outcome", outcomeOf(recorded), { status, ...outcome });
        report.steps += 1;
      }
      deps.onStep(id, status);
      return live.has(id) || !recorded
        ? asStored("output" in outcome ? outcome.output : null)
        : recorded.output;
    },
    retryLater: async ({ id }, error) => {
      throw new Differs({ step: id, what: "the outcome", path: "", recorded: "no fault", replayed: error });
    },
    leave: async () => {},
  };
  await run().catch((error: unknown) => {
    if (error instanceof Differs) report.difference = error.difference;
    else if (error instanceof RecordingEnds) report.endsAt = error.message;
    else throw error;
  });
  return report;

  function run(): Promise<Ending> {
    const { trigger, definition, config, publicUrl, id } = recording;
    return runWorkflow({
      execution: { id, trigger },
      definition,
      config,
      publicUrl,
      journal,
      runStep,
      signal: left.signal,
      cancelled: cancelled.signal,
      log: deps.log,
    });
  }
}

/** A recording that ends in the middle of a step has no outcome to come to, and what runs for real may not go on. */
function isEnd(error: unknown, { steps }: Recording, step: string): boolean {
  if (error instanceof MayNotGoOn) return true;
  const status = steps.get(step)?.status;
  return error instanceof RecordingEnds && status !== "failed" && status !== "cancelled";
}

function outcomeOf({ status, output, error }: RecordedStep) {
  if (status === "failed" || status === "cancelled") return { status, error };
  return { status, ...(output === null ? {} : { output }) };
}

type Recorded = Pick<ReplayDeps, "agents" | "log"> & {
  recording: Recording;
  report: ReplayReport;
  cancelled: AbortController;
};

async function runRecorded(
  { step, inputs, intent, signal }: StepTask,
  { recording, report, cancelled, agents, log }: Recorded,
): Promise<StepResult> {
  const recorded = recording.steps.get(step.id);
  if (!recorded || recorded.status === "running" || recorded.status === "waiting")
    throw new RecordingEnds(`The recording ends at the step ${step.id}.`);
  if (recorded.input !== null) await intent();
  if (recorded.status === "cancelled") {
    cancelled.abort(new Cancelled(recorded.error ?? "Cancelled."));
    throw new PermanentFault("The execution was cancelled here.");
  }
  if ("tool" in step) {
    const calls = recording.calls.get(step.id) ?? [];
    const last = calls.at(-1);
    if (last) expectSame(step.id, `the call of ${step.tool}`, last.arguments, abridged(inputs));
    report.toolCalls += calls.length;
  }
  const run = recording.runs.get(step.id);
  if ("agent" in step && run) {
    report.turns += run.messages.filter(({ role }) => role === "assistant").length;
    report.toolCalls += recording.calls.get(step.id)?.length ?? 0;
    const deps = { ...recordedAgent(step.id, recording, agents), signal, log };
    return { output: await runAgentStep(step, inputs, deps) };
  }
  if (recorded.status === "failed") throw new PermanentFault(recorded.error ?? "unknown");
  return { output: recorded.output };
}
