import type { Context } from "probot";
import { Refusal } from "../../shared/errors.ts";
import { roleOf } from "../../shared/permission.ts";
import { covers } from "../../shared/role.ts";
import { findCommand } from "../commands/find-command.ts";
import { parseCommand } from "../commands/parse.ts";
import type { AppDeps } from "../deps.ts";
import { isByPerson } from "../policy/cause.ts";
import { roleFor } from "../policy/command-roles.ts";
import { quoted, refusedForRole } from "../replies.ts";
import { reply } from "../reply.ts";

/** Carries out the command that a person wrote in a comment. Every command gets an answer, an error too. */
export async function onIssueComment(
  context: Context<"issue_comment.created">,
  deps: AppDeps,
): Promise<void> {
  const { comment, sender, repository } = context.payload;
  if (!isByPerson(sender, deps.appId, comment)) return;
  const found = parseCommand(comment.body);
  if (!found) return;

  try {
    const command = await findCommand(found.name, { context, deps });
    const role = await roleOf(context.octokit, context.repo(), sender);
    const needed = command.role ?? roleFor(command.name, { isPublic: !repository.private });
    if (!covers(role, needed)) throw new Refusal(refusedForRole(command.wish, needed, role));
    const answer = await command.run({ context, deps, instructions: found.instructions, role });
    if (answer) await reply(context, quoted(found.line) + answer);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await reply(context, quoted(found.line) + error.message);
  }
}
