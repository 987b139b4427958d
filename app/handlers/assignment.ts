// The App's bot as the one who is assigned. GitHub offers that of few Apps: docs/setup.md says where.
import type { Context } from "probot";
import { cancelUnbegun } from "../cancel-unbegun.ts";
import type { AppDeps } from "../deps.ts";
import { isOurAccount, isOwnBot } from "../own-bot.ts";
import { noteDecision } from "../policy/decisions.ts";
import { openedBy } from "../policy/standing.ts";
import { refusable } from "../refusable.ts";
import { assignedPull } from "../replies/starts.ts";
import { wishes } from "../replies/who-may.ts";
import { startByMark } from "../start-by-mark.ts";
import type { SavedWorkflow } from "../start-execution.ts";
import { builtInStart } from "./issues.ts";

const wish = "the assignment";

/** Assigned to an issue, it does what the start label does, for whoever may set that. */
export async function onIssueAssigned(context: Context<"issues.assigned">, deps: AppDeps): Promise<void> {
  const { assignee, sender, issue } = context.payload;
  if (!(await isOurAccount(assignee, context.octokit, deps))) return;
  if ((await isOwnBot(sender, deps)) || openedBy(issue, deps) === "own") return;
  const { triggers } = await deps.configs.of(context);
  const workflow = startedByLabel(deps);
  if (!triggers.assignment || !workflow) return;

  const asked = { context, deps, wish };
  const mark = { kind: "assignment" as const, wish: wishes.startOnAssignment, context };
  await refusable(asked, () => startByMark(workflow, mark, { deps, asked }));
}

/** Who takes the assignment back before anything has begun takes back what it started. */
export async function onIssueUnassigned(context: Context<"issues.unassigned">, deps: AppDeps): Promise<void> {
  const { assignee, sender, issue, repository } = context.payload;
  const workflow = startedByLabel(deps);
  if (!workflow || !(await isOurAccount(assignee, context.octokit, deps))) return;
  const { name } = workflow.definition;
  const cancelled = await cancelUnbegun(
    { repository: repository.id, issue: issue.number, workflow: name, by: "assignment" },
    { who: sender.login, what: wish, delivery: context.id },
    deps,
  );
  deps.log.info({ delivery: context.id, cancelled: cancelled.length }, "assignment taken away");
}

/** On a pull request it says nothing of what is wanted: that is only written down, for `/afu9 why`. */
export async function onPullAssigned(
  context: Context<"pull_request.assigned">,
  deps: AppDeps,
): Promise<void> {
  const { assignee, sender, pull_request: pull } = context.payload;
  if (!(await isOurAccount(assignee, context.octokit, deps)) || (await isOwnBot(sender, deps))) return;
  await noteDecision(deps.db, context, { issue: pull.number, wish, reason: assignedPull().en });
}

function startedByLabel({ workflows }: AppDeps): SavedWorkflow | undefined {
  return workflows.find(({ definition }) => definition.on.label === builtInStart);
}
