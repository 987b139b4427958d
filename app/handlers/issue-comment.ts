import type { Context } from "probot";
import { Refusal } from "../../shared/errors.ts";
import { covers } from "../../shared/role.ts";
import { findCommand } from "../commands/find-command.ts";
import { parseCommand } from "../commands/parse.ts";
import type { AppDeps } from "../deps.ts";
import { isByPerson } from "../policy/cause.ts";
import { roleOf } from "../policy/permission.ts";
import { quoted, refusedForRole } from "../replies.ts";
import { reply } from "../reply.ts";

/** Carries out the command that a person wrote in a comment. Every command gets an answer, an error too. */
export async function onIssueComment(
  context: Context<"issue_comment.created">,
  deps: AppDeps,
): Promise<void> {
  const { comment, sender } = context.payload;
  if (!isByPerson(sender, deps.appId, comment)) return;
  const found = parseCommand(comment.body);
  if (!found) return;

  try {
    const command = await findCommand(found.name, { context, deps });
    const role = await roleOf(context.octokit, context.repo(), sender);
    if (!covers(role, command.role)) throw new Refusal(refusedForRole(command.wish, command.role, role));
    const answer = await command.run({ context, deps, instructions: found.instructions });
    if (answer) await reply(context, quoted(found.line) + answer);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await reply(context, quoted(found.line) + error.message);
  }
}
