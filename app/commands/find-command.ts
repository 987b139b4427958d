import { closest } from "../../shared/closest.ts";
import { Refusal } from "../../shared/errors.ts";
import { unknownCommand } from "../replies/commands.ts";
import { brokenWorkflows } from "../replies/workflows.ts";
import type { Call, Command } from "./command.ts";
import { commands } from "./commands.ts";
import type { Parsed } from "./parse.ts";
import { startsOf } from "./start.ts";

type Found = { command: Command } & Pick<Parsed, "rest" | "below">;

/**
 * The command that a line means: one of AFU-9's own, or one that a workflow names, AFU-9's before the repository's. What
 * follows a mention and is no command is what `run` is to do. Throws a `Refusal` when there is none, with the one that
 * may have been meant, or the faults of the file that would have it.
 */
export async function findCommand(
  parsed: Parsed,
  { context, deps }: Pick<Call, "context" | "deps">,
): Promise<Found> {
  const { name, rest, below, isMention, said } = parsed;
  const own = [...commands, ...startsOf(deps.workflows)];
  const named = (list: Command[], wanted: string) => list.find((command) => command.name === wanted);
  const builtIn = named(own, name || "help");
  if (builtIn && (name || !isMention || !below)) return { command: builtIn, rest, below };

  const { workflows, broken } = await deps.repositoryWorkflows.of(context);
  const starts = startsOf(workflows);
  const found = named(starts, name);
  if (found) return { command: found, rest, below };

  const meant = broken.filter(({ on }) => on === undefined || on.commands.includes(name));
  if (meant.length && !isMention) throw new Refusal(brokenWorkflows(meant));
  const nearly = closest(
    name,
    [...own, ...starts].map((command) => command.name),
  );
  const run = named(own, "run");
  // One word that is nearly a command is a slip, and no work to be done.
  if (isMention && run && !(nearly && !rest && !below)) return { command: run, rest: said, below };
  throw new Refusal(unknownCommand(name, nearly));
}
