import type { Context } from "probot";
import { parseCommands } from "../commands/parse.ts";
import type { AppDeps } from "../deps.ts";
import { noteDecision } from "../policy/decisions.ts";
import { editedCommand } from "../replies/starts.ts";

/** An edit starts nothing: others may edit what somebody wrote. A command that it brings in is written down for `/afu9 why`. */
export async function onIssueCommentEdited(
  context: Context<"issue_comment.edited">,
  { db }: Pick<AppDeps, "db">,
): Promise<void> {
  const { comment, changes, issue } = context.payload;
  const before = new Set(parseCommands(changes.body?.from ?? "").map(({ line }) => line));
  const found = parseCommands(comment.body).find(({ line }) => !before.has(line));
  if (!found) return;
  await noteDecision(db, context, { issue: issue.number, wish: found.line, reason: editedCommand().en });
}
