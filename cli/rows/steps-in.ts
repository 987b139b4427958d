import type { Step } from "../../shared/step.ts";
import { parseWorkflow } from "../../shared/workflow.ts";

/** The steps of a stored definition. None when this version can't read it: what there is then are the rows. */
export function stepsIn(source: string, name: string): Step[] {
  try {
    return parseWorkflow(source, name).definition.steps;
  } catch {
    return [];
  }
}
