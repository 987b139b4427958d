// The first message of an agent: what it has to know to begin. It is saved when it was said, and not made again.
import type { StepDeps } from "../engine/step-deps.ts";
import type { Toolbox } from "../tools/toolbox.ts";
import { repositoryContext } from "./repository-context.ts";
import { taskText } from "./task-text.ts";

export type TaskContext = {
  /** The step's inputs: the issue with its comments, the plan, what a person asked for. */
  inputs: Record<string, unknown>;
  toolbox: Toolbox;
  deps: Pick<StepDeps, "background">;
  signal: AbortSignal;
};

/** Gathers the inputs, the repository's map and conventions, and earlier attempts. Throws a fault of a server that may pass. */
export async function taskMessage({ inputs, toolbox, deps, signal }: TaskContext): Promise<string> {
  const { background } = deps;
  const repository = await repositoryContext({ toolbox, background, signal });
  const attempts = (await background?.earlierAttempts()) ?? [];
  return taskText({ inputs, repository, attempts });
}
