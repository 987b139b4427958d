// The kinds of step, and what carries each out.
import { runAgentStep } from "../agent/run-agent-step.ts";
import type { StepResult, StepTask } from "./run-workflow.ts";
import type { StepDeps } from "./step-deps.ts";
import { runApproveStep } from "./steps/approve.ts";
import { runToolStep } from "./steps/tool.ts";
import { runWaitStep } from "./steps/wait.ts";

/** Carries out one step with its evaluated inputs. */
export async function runStep(task: StepTask, deps: StepDeps): Promise<StepResult> {
  const { step } = task;
  if ("tool" in step) return runToolStep(step, task, deps);
  if ("approve" in step) return runApproveStep(step, task, deps);
  if ("wait" in step) return runWaitStep(step, task, deps);

  await task.intent();
  return { output: await runAgentStep(step, task.inputs, { ...deps, signal: task.signal }) };
}
