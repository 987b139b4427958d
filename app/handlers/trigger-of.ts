import type { Context } from "probot";
import { Trigger } from "../../shared/trigger.ts";

/** A webhook about an issue, in our own shape. Throws zod's error when a field is missing that everything needs. */
export function triggerOf(
  context: Context<"issues.labeled"> | Context<"issue_comment.created">,
  kind: Trigger["kind"],
  instructions = "",
): Trigger {
  const { repository, issue, sender, installation } = context.payload;
  return Trigger.parse({
    kind,
    delivery: context.id,
    installation: installation?.id,
    sender: { id: sender.id, login: sender.login },
    repository: {
      id: repository.id,
      owner: repository.owner.login,
      name: repository.name,
      defaultBranch: repository.default_branch,
    },
    issue: { number: issue.number, title: issue.title },
    instructions,
  });
}
