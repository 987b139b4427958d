import type { Context } from "probot";
import { Refusal } from "../../shared/errors.ts";
import { covers } from "../../shared/role.ts";
import type { AppDeps } from "../deps.ts";
import { isByPerson, isInAPersonsName } from "../policy/cause.ts";
import { roleOf } from "../policy/permission.ts";
import { refusedForRole } from "../replies.ts";
import { reply } from "../reply.ts";
import { startOnIssue } from "../start-on-issue.ts";

/** A label starts the workflow that names it, when a person with the role for it set the label. */
export async function onIssueLabeled(context: Context<"issues.labeled">, deps: AppDeps): Promise<void> {
  const { label, sender, issue } = context.payload;
  if (!isByPerson(sender, deps.appId) || isInAPersonsName(issue, deps.appId)) return;
  const workflow = deps.workflows.find(({ definition }) => definition.on.label === label?.name);
  if (!workflow || issue.state !== "open") return;

  try {
    const role = await roleOf(context.octokit, context.repo(), sender);
    const wish = `start on the label \`${label?.name}\``;
    if (!covers(role, "triage")) throw new Refusal(refusedForRole(wish, "triage", role));
    await startOnIssue(workflow, context, deps);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await reply(context, error.message);
  }
}
