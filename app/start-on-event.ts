// Starts the workflow that a pull request's event is for. Nobody has asked, so nobody is answered when it is refused.
import type { Context } from "probot";
import { Refusal } from "../shared/errors.ts";
import { changesSomething } from "../shared/reading-tools.ts";
import { covers } from "../shared/role.ts";
import type { StartEvent, WorkflowStarts } from "../shared/workflow-starts.ts";
import type { AppDeps } from "./deps.ts";
import { type About, type Happened, triggerOf } from "./handlers/trigger-of.ts";
import type { Labelled } from "./labels-of.ts";
import { noteDecision } from "./policy/decisions.ts";
import { requireNoHold } from "./policy/hold.ts";
import { roleOfSender, type Standing } from "./policy/standing.ts";
import { refusedForRole, wishes } from "./replies/who-may.ts";
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

type AboutPull = Omit<About, "issue"> &
  Required<Pick<About, "pullRequest">> & { issue: About["issue"] & Labelled };

/**
 * Starts it, unless it would change a pull request that AFU-9 did not open: for that a person has to ask. `standing` is that of
 * the person whose event it is, who needs the role `write`; without it, it is nobody's. Why it is not started is written down.
 */
export async function startOnEvent(
  workflow: SavedWorkflow,
  about: AboutPull,
  { context, deps, standing }: { context: EventContext; deps: AppDeps; standing?: Standing },
): Promise<void> {
  const { isFork, byApp } = about.pullRequest;
  const { name } = workflow.definition;
  const log = deps.log.child({ delivery: context.id, workflow: name, event: about.kind });
  if (changesSomething(workflow.definition) && (isFork || !byApp))
    return log.debug("not started: the pull request is not AFU-9's");
  try {
    if (standing) await requireWrite(standing, context, name);
    requireNoHold(about.issue, await deps.configs.of(context));
    const needs = standing === "person" ? ("write" as const) : undefined;
    const start = await startExecution(workflow, triggerOf(context, { ...about, needs }), deps);
    log.info(start, "start asked for");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await noteDecision(deps.db, context, {
      ...{ issue: about.issue.number, wish: `${name} on ${about.kind}`, reason: error.message },
    });
    log.info("refused");
  }
}

async function requireWrite(standing: Standing, context: EventContext, workflow: string): Promise<void> {
  const { sender } = context.payload;
  const role = await roleOfSender(standing, { ...context, repository: context.repo(), sender });
  if (!covers(role, "write"))
    throw new Refusal(refusedForRole(wishes.startWorkflow(workflow), "write", role));
}
