import type { Context } from "probot";
import { Refusal } from "../../shared/errors.ts";
import type { RepositoryConfig } from "../../shared/repository-config.ts";
import { covers } from "../../shared/role.ts";
import { cancelUnbegun } from "../cancel-unbegun.ts";
import type { AppDeps } from "../deps.ts";
import { isSameLabel } from "../labels-of.ts";
import { isOwnBot } from "../own-bot.ts";
import { roleFor } from "../policy/command-roles.ts";
import { openedBy, roleOfSender, type Standing, standingOf } from "../policy/standing.ts";
import { noteRefusal, refusable, refuseApp } from "../refusable.ts";
import { alreadyRunning, closed, stateLabel } from "../replies/starts.ts";
import { notForBots, refusedForRole, wishes } from "../replies/who-may.ts";
import { brokenWorkflows } from "../replies/workflows.ts";
import type { SavedWorkflow } from "../start-execution.ts";
import { startOnIssue } from "../start-on-issue.ts";

type Labeled = Context<"issues.labeled">;

/** A label starts the workflow that names it, when somebody with the role for it set the label. */
export async function onIssueLabeled(context: Labeled, deps: AppDeps): Promise<void> {
  const { label, sender, issue } = context.payload;
  if (!label || (await isOwnBot(sender, deps)) || openedBy(issue, deps) === "own") return;
  const config = await deps.configs.of(context);
  if (!config.triggers.label) return;

  const asked = { context, deps, wish: `the label ${label.name}` };
  await refusable(asked, async () => {
    const workflow = await findWorkflow(context, { label: label.name, config, deps });
    if (!workflow) return;
    if (isStateLabel(label.name, config)) return noteRefusal(asked, stateLabel(label.name));
    if (issue.state !== "open") return noteRefusal(asked, closed("issue"));
    const standing = standingOf(sender, deps);
    if (standing === "bot") return noteRefusal(asked, notForBots(sender.login));
    if (openedBy(issue, deps) === "app") return refuseApp(asked, issue.performed_via_github_app ?? {});
    const already = await start(workflow, { context, deps, config, standing });
    if (already) await noteRefusal(asked, alreadyRunning(already, "issue"));
  });
}

/** Who takes the label away before anything has begun takes back what it started. What runs is stopped by `/afu9 cancel`. */
export async function onIssueUnlabeled(context: Context<"issues.unlabeled">, deps: AppDeps): Promise<void> {
  const { label, sender, issue, repository } = context.payload;
  if (!label || (await isOwnBot(sender, deps))) return;
  const config = await deps.configs.of(context);
  const workflow = await findWorkflow(context, { label: label.name, config, deps });
  if (!workflow) return;
  const cancelled = await cancelUnbegun(
    { repository: repository.id, issue: issue.number, workflow: workflow.definition.name },
    { who: sender.login, label: label.name, delivery: context.id },
    deps,
  );
  deps.log.info({ delivery: context.id, cancelled: cancelled.length }, "label taken away");
}

type Starting = { context: Labeled; deps: AppDeps; config: RepositoryConfig; standing: Standing };

/** Gives the execution that works on the issue already, if one does. */
async function start(
  workflow: SavedWorkflow,
  { context, deps, config, standing }: Starting,
): Promise<string | undefined> {
  const { sender, issue, label } = context.payload;
  const role = await roleOfSender(standing, {
    octokit: context.octokit,
    repository: context.repo(),
    sender,
  });
  const needed = roleFor("label", config);
  if (!covers(role, needed))
    throw new Refusal(refusedForRole(wishes.startOnLabel(label?.name ?? ""), needed, role));
  const needs = standing === "person" ? needed : undefined;
  const about = { kind: "label" as const, issue, at: issue.updated_at, needs };
  const started = await startOnIssue(workflow, context, deps, about);
  return "already" in started ? started.already : undefined;
}

/** The label that starts AFU-9's own workflow, by its name in `workflows/`: a repository may call it otherwise. */
const builtInStart = "afu9";

type Wanted = { label: string; config: RepositoryConfig; deps: AppDeps };

/** AFU-9's own comes before the repository's. Throws a `Refusal` with the faults of a file that means to have the label. */
async function findWorkflow(
  context: Labeled | Context<"issues.unlabeled">,
  { label, config, deps }: Wanted,
): Promise<SavedWorkflow | undefined> {
  const nameOf = ({ definition: { on } }: SavedWorkflow) =>
    on.label === builtInStart ? config.labels.start : on.label;
  const builtIn = deps.workflows.find((workflow) => isSameLabel(nameOf(workflow), label));
  if (builtIn) return builtIn;
  const { workflows, broken } = await deps.repositoryWorkflows.of(context);
  const found = workflows.find(({ definition }) => isSameLabel(definition.on.label, label));
  const meant = broken.filter(({ on }) => isSameLabel(on?.label, label));
  if (!found && meant.length > 0) throw new Refusal(brokenWorkflows(meant));
  return found;
}

/** Whether a label shows how it stands, or holds it: those start nothing, whatever a workflow says. */
function isStateLabel(name: string, { labels: { start: _, ...states } }: RepositoryConfig): boolean {
  return Object.values(states).some((state) => isSameLabel(state, name));
}
