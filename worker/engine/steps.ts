// The kinds of step, and what carries each out.

import { PermanentFault, ToolFailure } from "../../shared/errors.ts";
import type { Step } from "../../shared/step.ts";
import { runAgentStep } from "../agent/run-agent-step.ts";
import type { StepDeps } from "./step-deps.ts";

/** Carries out one step with its evaluated inputs. */
export async function runStep(step: Step, inputs: Record<string, unknown>, deps: StepDeps): Promise<unknown> {
  if ("agent" in step) return runAgentStep(step, inputs, deps);

  if (!("tool" in step)) throw new PermanentFault(`The step \`${step.id}\` can't be run yet.`);
  await using toolbox = await deps.openToolbox({ stepId: step.id, tools: [step.tool] });
  const result = await toolbox.call({ tool: step.tool, input: inputs, signal: deps.signal });
  if (result.mayPass) throw new Error(result.text);
  if (result.isError) throw new ToolFailure(result.text);
  return result.data ?? { text: result.text };
}
