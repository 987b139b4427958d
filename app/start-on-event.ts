// Starts the workflow that a pull request's event is for. Nobody has asked, so nobody is answered when it is refused.
import type { Context } from "probot";
import { changesSomething } from "../shared/reading-tools.ts";
import type { StartEvent, WorkflowStarts } from "../shared/workflow-starts.ts";
import type { AppDeps } from "./deps.ts";
import { type About, type Happened, triggerOf } from "./handlers/trigger-of.ts";
import { type SavedWorkflow, startExecution } from "./start-execution.ts";

export type EventContext = Happened &
  Pick<Context, "octokit"> & { repo(): { owner: string; repo: string }; payload: Happened["payload"] };

/**
 * The workflow that an event starts, unless the repository has switched it off. What a workflow of AFU-9 is started by, none
 * of a repository is.
 */
export async function workflowFor<Event extends StartEvent>(
  event: Event,
  matches: (wanted: NonNullable<WorkflowStarts[Event]>) => boolean,
  { context, deps }: { context: EventContext; deps: AppDeps },
): Promise<SavedWorkflow | undefined> {
  const wanting = (list: SavedWorkflow[]) => list.filter(({ definition }) => definition.on[event]);
  const own = wanting(deps.workflows);
  const candidates = own.length ? own : wanting((await deps.repositoryWorkflows.of(context)).workflows);
  const found = candidates.find(({ definition: { on } }) => {
    const wanted = on[event];
    return wanted !== undefined && matches(wanted);
  });
  if (!found) return undefined;
  const { triggers, workflows } = await deps.configs.of(context);
  return triggers[event] && workflows[found.definition.name] !== false ? found : undefined;
}

/** Starts it, unless it would change a pull request that AFU-9 did not open: for that a person has to ask. */
export async function startOnEvent(
  workflow: SavedWorkflow,
  about: About & Required<Pick<About, "pullRequest">>,
  { context, deps }: { context: EventContext; deps: AppDeps },
): Promise<void> {
  const { isFork, byApp } = about.pullRequest;
  const log = deps.log.child({ delivery: context.id, workflow: workflow.definition.name, event: about.kind });
  if (changesSomething(workflow.definition) && (isFork || !byApp))
    return log.debug("not started: the pull request is not AFU-9's");
  const start = await startExecution(workflow, triggerOf(context, about), deps);
  log.info(start, "start asked for");
}
