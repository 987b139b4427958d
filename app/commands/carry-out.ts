// Carries out the commands of one comment, in their order, and answers all of them in one reply.
import { Refusal } from "../../shared/errors.ts";
import { paragraphs, type Text } from "../../shared/language.ts";
import { covers, type Role } from "../../shared/role.ts";
import type { AppDeps } from "../deps.ts";
import { roleFor } from "../policy/command-roles.ts";
import { roleOfSender, type Standing, standingOf } from "../policy/standing.ts";
import { noteRefusal, refuseApp } from "../refusable.ts";
import { notDone, oneStart, onlyStarts } from "../replies/commands.ts";
import { notForBots, refusedForRole } from "../replies/who-may.ts";
import { quoted } from "../replies/words.ts";
import { reply } from "../reply.ts";
import type { Asked, Outcome } from "./command.ts";
import { help } from "./commands.ts";
import { findCommand } from "./find-command.ts";
import type { Parsed } from "./parse.ts";
import { reactQuietly } from "./react-quietly.ts";
import { readArguments } from "./read-arguments.ts";

/** A comment with more of them means something else. */
const most = 10;

type Asking = { context: Asked; deps: AppDeps; role: Role; standing: Standing };

/** Every command of a person gets what it asks for or an answer, and all answers are in one comment. That they were seen shows at once. */
export async function carryOut(parsed: Parsed[], { context, deps }: Written): Promise<void> {
  const [first] = parsed;
  const { made, payload } = context;
  const standing = standingOf(payload.sender, deps, made);
  if (!first || standing === "own") return;
  const asked = { context, deps, wish: first.line };
  if (standing === "bot") return noteRefusal(asked, notForBots(payload.sender.login));
  if (standing === "app") return refuseApp(asked, made.performed_via_github_app ?? {});
  const seen = reactQuietly("EYES", context, deps);
  try {
    await carryOutAll(parsed, { context, deps, standing });
  } finally {
    await seen;
  }
}

type Written = Pick<Asking, "context" | "deps">;

async function carryOutAll(
  parsed: Parsed[],
  { context, deps, standing }: Omit<Asking, "role">,
): Promise<void> {
  const { octokit, payload } = context;
  const role = await roleOfSender(standing, {
    octokit,
    repository: context.repo(),
    sender: payload.sender,
  });
  const answers: Text[] = [];
  let hasStarted = false;
  for (const [index, one] of parsed.slice(0, most).entries()) {
    // What is asked once for each delivery is asked once for each command.
    const own = index === 0 ? context : { ...context, id: `${context.id}#${index + 1}` };
    const outcome = await carryOutOne(one, { context: own, deps, role, standing }, hasStarted);
    const isStart = outcome !== undefined && "queued" in outcome;
    if (isStart) hasStarted = true;
    const said = isStart ? outcome.said : outcome;
    if (said) answers.push(quoted(one.line, said));
  }
  if (parsed.length > most) answers.push(notDone(most, parsed.length));
  if (answers.length > 0) await reply(context, paragraphs(...answers), deps);
}

/** A refusal is an answer, too. Any other error is thrown. */
async function carryOutOne(parsed: Parsed, asking: Asking, hasStarted: boolean): Promise<Outcome> {
  try {
    const { command, ...written } = await findCommand(parsed, asking);
    if (!asking.context.source && !command.starts) throw new Refusal(onlyStarts());
    const read = readArguments(command, written);
    const { roles } = await asking.deps.configs.of(asking.context);
    const { repository } = asking.context.payload;
    const needed = command.role ?? roleFor(command.name, { roles, isPublic: !repository.private });
    const needs = asking.standing === "person" ? needed : undefined;
    if (read === "help") return await help.run({ ...asking, needs, args: [command.name], instructions: "" });
    if (!covers(asking.role, needed)) throw new Refusal(refusedForRole(command.wish, needed, asking.role));
    if (command.starts && hasStarted) throw new Refusal(oneStart());
    return await command.run({ ...asking, ...read, needs });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await noteRefusal({ ...asking, wish: parsed.line }, error.text);
    return error.text;
  }
}
