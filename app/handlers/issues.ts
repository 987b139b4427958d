import type { Context } from "probot";
import { Refusal } from "../../shared/errors.ts";
import { roleOf } from "../../shared/permission.ts";
import { covers } from "../../shared/role.ts";
import type { AppDeps } from "../deps.ts";
import { isByPerson, isInAPersonsName } from "../policy/cause.ts";
import { roleFor } from "../policy/command-roles.ts";
import { brokenWorkflows, refusedForRole } from "../replies.ts";
import { reply } from "../reply.ts";
import type { SavedWorkflow } from "../start-execution.ts";
import { startOnIssue } from "../start-on-issue.ts";

/** A label starts the workflow that names it, when a person with the role for it set the label. */
export async function onIssueLabeled(context: Context<"issues.labeled">, deps: AppDeps): Promise<void> {
  const { label, sender, issue } = context.payload;
  if (!isByPerson(sender, deps.appId) || isInAPersonsName(issue, deps.appId)) return;
  if (!label || issue.state !== "open") return;

  try {
    const workflow = await findWorkflow(context, label.name, deps);
    if (!workflow || !(await deps.configs.of(context)).triggers.label) return;
    const role = await roleOf(context.octokit, context.repo(), sender);
    const wish = `start on the label \`${label.name}\``;
    const needed = roleFor("label");
    if (!covers(role, needed)) throw new Refusal(refusedForRole(wish, needed, role));
    await startOnIssue(workflow, context, deps, { kind: "label", issue });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await reply(context, error.message);
  }
}

/** AFU-9's own comes before the repository's. Throws a `Refusal` with the faults of a file that means to have the label. */
async function findWorkflow(
  context: Context<"issues.labeled">,
  label: string,
  deps: AppDeps,
): Promise<SavedWorkflow | undefined> {
  const named = (list: SavedWorkflow[]) => list.find(({ definition }) => definition.on.label === label);
  const builtIn = named(deps.workflows);
  if (builtIn) return builtIn;
  const { workflows, broken } = await deps.repositoryWorkflows.of(context);
  const found = named(workflows);
  const meant = broken.filter(({ on }) => on?.label === label);
  if (!found && meant.length > 0) throw new Refusal(brokenWorkflows(meant));
  return found;
}
