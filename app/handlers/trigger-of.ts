import type { Context } from "probot";
import { z } from "zod";
import { PermanentFault } from "../../shared/errors.ts";
import { storableText } from "../../shared/storable-text.ts";
import { Trigger } from "../../shared/trigger.ts";

/** A webhook about an issue, in our own shape. Throws a `PermanentFault` when a field is missing that everything needs. */
export function triggerOf(
  context: Context<"issues.labeled"> | Context<"issue_comment.created">,
  instructions = "",
): Trigger {
  const { repository, issue, sender, installation } = context.payload;
  const comment = "comment" in context.payload ? context.payload.comment : undefined;
  const parsed = Trigger.safeParse({
    kind: comment ? "command" : "label",
    comment: comment?.id,
    delivery: context.id,
    installation: installation?.id,
    sender: { id: sender.id, login: sender.login },
    repository: {
      id: repository.id,
      owner: repository.owner.login,
      name: repository.name,
      defaultBranch: repository.default_branch,
    },
    issue: { number: issue.number, title: storableText(issue.title) },
    instructions: storableText(instructions),
  });
  if (parsed.success) return parsed.data;
  throw new PermanentFault(`The payload can't be used: ${z.prettifyError(parsed.error)}`);
}
