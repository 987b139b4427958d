import { commandNames, startEvents } from "../../shared/workflow-starts.ts";
import type { Taken } from "../policy/repository-workflow.ts";
import type { SavedWorkflow } from "../start-execution.ts";
import { commands } from "./commands.ts";

/** What AFU-9's own commands and workflows are called and started by. */
export function takenBy(workflows: SavedWorkflow[]): Taken {
  const definitions = workflows.map(({ definition }) => definition);
  return {
    names: new Set(definitions.map(({ name }) => name)),
    labels: new Set(definitions.flatMap(({ on }) => on.label ?? [])),
    commands: new Set([
      ...commands.map(({ name }) => name),
      ...definitions.flatMap(({ on }) => commandNames(on)),
    ]),
    events: new Set(startEvents.filter((event) => definitions.some(({ on }) => on[event]))),
  };
}
