import type { Context } from "probot";
import { carryOut } from "../commands/carry-out.ts";
import { parseCommands } from "../commands/parse.ts";
import type { AppDeps } from "../deps.ts";
import { isByPerson } from "../policy/cause.ts";

/** Carries out the commands that a person wrote in a comment on an issue or a pull request. */
export async function onIssueComment(
  context: Context<"issue_comment.created">,
  deps: AppDeps,
): Promise<void> {
  const { comment, sender } = context.payload;
  if (!isByPerson(sender, deps.appId, comment)) return;
  const { id, octokit, payload } = context;
  const asked = { id, octokit, payload, repo: () => context.repo() };
  await carryOut(parseCommands(comment.body), { context: asked, deps });
}
