import { Busy, ToolFailure } from "../../../shared/errors.ts";
import type { ToolStep } from "../../../shared/step.ts";
import type { StepResult, StepTask } from "../run-workflow.ts";
import type { StepDeps } from "../step-deps.ts";

/** Calls the step's tool. What changes something outside is written down before; what only looks needs its result alone. */
export async function runToolStep(
  { id, tool }: ToolStep,
  { inputs, intent, signal }: StepTask,
  deps: StepDeps,
): Promise<StepResult> {
  const toolbox = await deps.openToolbox({ stepId: id, tools: [tool] });
  if (!(await toolbox.isReadOnly(tool))) await intent();
  const result = await toolbox.call({ tool, input: inputs, signal });
  if (result.waitSeconds) throw new Busy(result.text, result.waitSeconds);
  if (result.mayPass) throw new Error(result.text);
  if (result.isError) throw new ToolFailure(result.text);
  return { output: result.data ?? { text: result.text } };
}
