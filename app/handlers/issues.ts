import type { Context } from "probot";
import { Refusal } from "../../shared/errors.ts";
import type { RepositoryConfig } from "../../shared/repository-config.ts";
import { cancelUnbegun } from "../cancel-unbegun.ts";
import type { AppDeps } from "../deps.ts";
import { isSameLabel } from "../labels-of.ts";
import { isOwnBot } from "../own-bot.ts";
import { openedBy } from "../policy/standing.ts";
import { noteRefusal, refusable } from "../refusable.ts";
import { stateLabel } from "../replies/starts.ts";
import { wishes } from "../replies/who-may.ts";
import { brokenWorkflows } from "../replies/workflows.ts";
import { startByMark } from "../start-by-mark.ts";
import type { SavedWorkflow } from "../start-execution.ts";

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
    const mark = { kind: "label" as const, wish: wishes.startOnLabel(label.name), context };
    await startByMark(workflow, mark, { deps, asked });
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
    { repository: repository.id, issue: issue.number, workflow: workflow.definition.name, by: "label" },
    { who: sender.login, what: `the label ${label.name}`, delivery: context.id },
    deps,
  );
  deps.log.info({ delivery: context.id, cancelled: cancelled.length }, "label taken away");
}

/** The label that starts AFU-9's own workflow, by its name in `workflows/`: a repository may call it otherwise. */
export const builtInStart = "afu9";

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
