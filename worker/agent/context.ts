import { fenced } from "../../shared/untrusted-text.ts";
import type { StepDeps } from "../engine/step-deps.ts";
import type { Toolbox } from "../tools/toolbox.ts";

export type TaskContext = {
  inputs: Record<string, unknown>;
  toolbox: Toolbox;
  deps: Pick<StepDeps, "openToolbox" | "log">;
  signal: AbortSignal;
};

/** The first message of an agent: every input of the step, fenced as data. The same inputs give the same bytes. */
export async function taskMessage({ inputs }: TaskContext): Promise<string> {
  const parts = Object.entries(inputs)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => fenced(name, typeof value === "string" ? value : JSON.stringify(value, null, 1)));
  return [...parts, "Do your task now."].join("\n\n");
}
