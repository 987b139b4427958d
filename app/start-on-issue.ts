import { Refusal } from "../shared/errors.ts";
import type { Asked, AskedIssue } from "./commands/command.ts";
import type { AppDeps } from "./deps.ts";
import { type About, type Happened, triggerOf } from "./handlers/trigger-of.ts";
import { depthOf, maxDepth } from "./policy/cause.ts";
import { requireNoHold } from "./policy/hold.ts";
import { switchedOff, tooDeep } from "./replies/starts.ts";
import { type SavedWorkflow, type Start, startExecution } from "./start-execution.ts";

type Asking = Pick<Asked, "id" | "octokit" | "repo"> & {
  payload: Happened["payload"] & { issue: Omit<AskedIssue, "state"> };
};

/**
 * Starts a workflow on the issue that a webhook is about. Throws a `Refusal` when the repository has switched it off, on hold,
 * and when too many executions led to the issue.
 */
export async function startOnIssue(
  workflow: SavedWorkflow,
  context: Asking,
  deps: AppDeps,
  about: About,
): Promise<Start> {
  const config = await deps.configs.of(context);
  const { name } = workflow.definition;
  if (config.workflows[name] === false) throw new Refusal(switchedOff(name));
  requireNoHold(context.payload.issue, config);
  const depth = await depthOf(context.payload.issue, deps);
  if (depth > maxDepth) throw new Refusal(tooDeep(depth));
  const start = await startExecution(workflow, triggerOf(context, { ...about, depth }), deps);
  deps.log.info({ delivery: context.id, workflow: name, ...start }, "start asked for");
  return start;
}
