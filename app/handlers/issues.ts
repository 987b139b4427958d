import type { Context } from "probot";
import { covers } from "../../shared/role.ts";
import type { AppDeps } from "../deps.ts";
import { roleOf } from "../policy/permission.ts";
import { refusedForRole } from "../replies.ts";
import { reply } from "../reply.ts";
import { startExecution } from "../start-execution.ts";
import { triggerOf } from "./trigger-of.ts";

/** A label starts the workflow that names it, when a person with the role for it set the label. */
export async function onIssueLabeled(context: Context<"issues.labeled">, deps: AppDeps): Promise<void> {
  const { label, sender } = context.payload;
  const workflow = deps.workflows.find(({ definition }) => definition.on.label === label?.name);
  if (!workflow || sender.type === "Bot" || context.payload.issue.state !== "open") return;

  const role = await roleOf(context.octokit, context.repo(), sender);
  if (!covers(role, "triage")) {
    await reply(context, refusedForRole(`start on the label \`${label?.name}\``, "triage", role));
    return;
  }
  const start = await startExecution(workflow, triggerOf(context, "label"), deps);
  deps.log.info({ delivery: context.id, ...start }, "label taken");
}
