import { Refusal } from "../shared/errors.ts";
import type { Role } from "../shared/role.ts";
import type { ClickContext } from "./click-context.ts";
import type { AppDeps } from "./deps.ts";
import { triggerOf } from "./handlers/trigger-of.ts";
import { requireNoHold } from "./policy/hold.ts";
import { pullRequestOf } from "./pull-request-of.ts";
import { unknownCommand } from "./replies/commands.ts";
import { forksAreOnlyRead } from "./replies/forks.ts";
import { alreadyRunning, closed, switchedOff } from "./replies/starts.ts";
import { startExecution } from "./start-execution.ts";

type Asked = { place: number; needs: Role | undefined };

/** Starts what `/afu9 fix-ci` starts on a pull request. Throws a `Refusal` where that does not work. */
export async function fixOnPull(
  { place, needs }: Asked,
  { context, deps }: { context: ClickContext; deps: AppDeps },
): Promise<void> {
  const workflow = deps.workflows.find(({ definition }) => definition.name === "fix-ci");
  if (!workflow) throw new Refusal(unknownCommand("fix-ci"));
  const config = await deps.configs.of(context);
  if (config.workflows[workflow.definition.name] === false)
    throw new Refusal(switchedOff(workflow.definition.name));
  const { data: pull } = await context.octokit.rest.pulls.get({ ...context.repo(), pull_number: place });
  if (pull.state !== "open") throw new Refusal(closed("pull-request"));
  requireNoHold(pull, config);
  const pullRequest = await pullRequestOf(pull, deps.db);
  if (pullRequest.isFork) throw new Refusal(forksAreOnlyRead("fix-ci"));
  // GitHub doesn't tell when somebody clicked. It was read just now.
  const at = new Date().toISOString();
  const about = { kind: "command" as const, issue: pull, pullRequest, at, needs };
  const start = await startExecution(workflow, triggerOf(context, about), deps);
  if ("already" in start) throw new Refusal(alreadyRunning(start.already, "pull-request"));
}
