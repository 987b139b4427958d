// Carries out the commands of one comment, in their order, and answers all of them in one reply.
import { Refusal } from "../../shared/errors.ts";
import { roleOf } from "../../shared/permission.ts";
import { covers, type Role } from "../../shared/role.ts";
import type { AppDeps } from "../deps.ts";
import { roleFor } from "../policy/command-roles.ts";
import { notDone, oneStart, quoted, refusedForRole } from "../replies.ts";
import { reply } from "../reply.ts";
import type { Asked, Outcome } from "./command.ts";
import { help } from "./commands.ts";
import { findCommand } from "./find-command.ts";
import type { Parsed } from "./parse.ts";
import { reactQuietly } from "./react-quietly.ts";
import { readArguments } from "./read-arguments.ts";

/** A comment with more of them means something else. */
const most = 10;

type Asking = { context: Asked; deps: AppDeps; role: Role };

/** Every command gets what it asks for or an answer, and all answers are in one comment. That they were seen shows at once. */
export async function carryOut(parsed: Parsed[], { context, deps }: Omit<Asking, "role">): Promise<void> {
  if (parsed.length === 0) return;
  const seen = reactQuietly("EYES", context, deps);
  try {
    await carryOutAll(parsed, { context, deps });
  } finally {
    await seen;
  }
}

async function carryOutAll(parsed: Parsed[], { context, deps }: Omit<Asking, "role">): Promise<void> {
  const role = await roleOf(context.octokit, context.repo(), context.payload.sender);
  const answers: string[] = [];
  let hasStarted = false;
  for (const [index, one] of parsed.slice(0, most).entries()) {
    // What is asked once for each delivery is asked once for each command.
    const own = index === 0 ? context : { ...context, id: `${context.id}#${index + 1}` };
    const outcome = await carryOutOne(one, { context: own, deps, role }, hasStarted);
    if (typeof outcome === "object") hasStarted = true;
    if (typeof outcome === "string") answers.push(quoted(one.line) + outcome);
  }
  if (hasStarted) await reactQuietly("ROCKET", context, deps);
  if (parsed.length > most) answers.push(notDone(most, parsed.length));
  if (answers.length > 0) await reply(context, answers.join("\n\n"));
}

/** A refusal is an answer, too. Any other error is thrown. */
async function carryOutOne(parsed: Parsed, asking: Asking, hasStarted: boolean): Promise<Outcome> {
  try {
    const { command, ...written } = await findCommand(parsed, asking);
    const read = readArguments(command, written);
    if (read === "help") return await help.run({ ...asking, args: [command.name], instructions: "" });
    const { repository } = asking.context.payload;
    const needed = command.role ?? roleFor(command.name, { isPublic: !repository.private });
    if (!covers(asking.role, needed)) throw new Refusal(refusedForRole(command.wish, needed, asking.role));
    if (command.starts && hasStarted) throw new Refusal(oneStart());
    return await command.run({ ...asking, ...read });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.message;
  }
}
