import { Refusal } from "../shared/errors.ts";
import type { ClickContext } from "./click-context.ts";
import type { AppDeps } from "./deps.ts";
import { triggerOf } from "./handlers/trigger-of.ts";
import { pullRequestOf } from "./pull-request-of.ts";
import { alreadyRunning, closed, forksAreOnlyRead, unknownCommand } from "./replies.ts";
import { startExecution } from "./start-execution.ts";

/** Starts what `/afu9 fix-ci` starts on a pull request. Throws a `Refusal` where that does not work. */
export async function fixOnPull(
  number: number,
  { context, deps }: { context: ClickContext; deps: AppDeps },
): Promise<void> {
  const workflow = deps.workflows.find(({ definition }) => definition.name === "fix-ci");
  if (!workflow) throw new Refusal(unknownCommand("fix-ci", ""));
  const { data: pull } = await context.octokit.rest.pulls.get({ ...context.repo(), pull_number: number });
  if (pull.state !== "open") throw new Refusal(closed("pull-request"));
  const pullRequest = await pullRequestOf(pull, deps.db);
  if (pullRequest.isFork) throw new Refusal(forksAreOnlyRead("fix-ci"));
  const about = { kind: "command" as const, issue: pull, pullRequest };
  const start = await startExecution(workflow, triggerOf(context, about), deps);
  if ("already" in start) throw new Refusal(alreadyRunning(start.already, "pull-request"));
}
