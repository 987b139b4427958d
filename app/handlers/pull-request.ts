import type { Context } from "probot";
import type { AppDeps } from "../deps.ts";
import { isOwnBot } from "../own-bot.ts";
import { standingOf } from "../policy/standing.ts";
import { pullRequestOf } from "../pull-request-of.ts";
import { startOnEvent, workflowFor } from "../start-on-event.ts";

type Types = "opened" | "reopened" | "synchronize" | "ready_for_review";

/** What a person who may write does with a pull request may start a workflow; what AFU-9 or a bot does starts none. */
export async function onPullRequest(context: Context<`pull_request.${Types}`>, deps: AppDeps): Promise<void> {
  const { action, sender, pull_request: pull } = context.payload;
  const standing = standingOf(sender, deps);
  if (standing === "own" || pull.state !== "open" || (await isOwnBot(sender, deps))) return;
  const workflow = await workflowFor("pull_request", ({ types }) => types.includes(action), {
    context,
    deps,
  });
  if (!workflow) return;
  const pullRequest = await pullRequestOf(pull, deps.db);
  await startOnEvent(
    workflow,
    { kind: "pull_request", issue: pull, pullRequest, at: pull.updated_at },
    { context, deps, standing },
  );
}
