import { Refusal } from "../../shared/errors.ts";
import { brokenWorkflows, unknownCommand } from "../replies.ts";
import type { Call, Command } from "./command.ts";
import { commands } from "./commands.ts";
import { startsOf } from "./start.ts";

/**
 * The command of that name: one of AFU-9's own, or one that a workflow names, AFU-9's before the repository's. Throws a
 * `Refusal` when there is none, with the faults of the file that would have it.
 */
export async function findCommand(
  name: string,
  { context, deps }: Pick<Call, "context" | "deps">,
): Promise<Command> {
  const named = (list: Command[]) => list.find((command) => command.name === name);
  const builtIn = named(commands) ?? named(startsOf(deps.workflows));
  if (builtIn) return builtIn;

  const { workflows, broken } = await deps.repositoryWorkflows.of(context);
  const found = named(startsOf(workflows));
  if (found) return found;
  const meant = broken.filter(({ on }) => on === undefined || on.commands.includes(name));
  throw new Refusal(meant.length ? brokenWorkflows(meant) : unknownCommand(name));
}
