// Tools that leave a repository's code and state as they are: they read, say something, or work in the execution's own
// checkout. A workflow of these alone may work on a pull request from a fork, and beside one that changes something.
import { adoptingTools, isAdopting } from "./adopted.ts";
import { PermanentFault } from "./errors.ts";
import { ownTools } from "./own-tools.ts";
import type { Trigger } from "./trigger.ts";
import type { Workflow } from "./workflow.ts";

const tools = [
  "github.getIssue",
  "github.listIssues",
  "github.getPullRequest",
  "github.listPullRequests",
  "github.listReviewThreads",
  "github.getFile",
  "github.searchCode",
  "github.getWorkflowRun",
  "github.addComment",
  "github.replyToReviewThread",
  "github.answerReviewThreads",
  "github.addReaction",
  "github.createReview",
  "workspace.openWorkspace",
  "workspace.closeWorkspace",
  "workspace.listFiles",
  "workspace.readFile",
  "workspace.searchCode",
  "workspace.editFile",
  "workspace.writeFile",
  "workspace.deleteFile",
  "workspace.applyPatch",
  "workspace.runCommand",
  "workspace.readOutput",
  "workspace.changes",
  "workspace.baseline",
  "workspace.verify",
  "workspace.verifyIfChanged",
  ...ownTools,
];
export const readingTools: ReadonlySet<string> = new Set(tools);

/** Whether a step of the workflow calls a tool that changes more than its own checkout and what is said. */
export function changesSomething({ steps }: Pick<Workflow, "steps">): boolean {
  return steps.some(
    (step) =>
      ("tool" in step && !readingTools.has(step.tool)) ||
      ("agent" in step && step.until !== undefined && !readingTools.has(step.until)),
  );
}

/**
 * What an issue or pull request has one active execution of: all workflows that change something share one slot, and each
 * that only reads has its own.
 */
export function slotOf(definition: Pick<Workflow, "name" | "steps">): string {
  return changesSomething(definition) ? changeSlot : `read ${definition.name}`;
}
export const changeSlot = "change";

type Execution = { trigger: Pick<Trigger, "pullRequest">; origin: string; workflow: string };

/**
 * Throws a `PermanentFault` for tools that an execution on a pull request from a fork may not use, whatever its workflow says.
 * The workflow that adopts may use what that takes.
 */
export function checkForkTools(execution: Execution, wanted: string[]): void {
  if (!execution.trigger.pullRequest?.isFork) return;
  const isAllowed = (tool: string) =>
    readingTools.has(tool) || (isAdopting(execution) && adoptingTools.has(tool));
  const refused = wanted.filter((tool) => !isAllowed(tool));
  if (refused.length > 0)
    throw new PermanentFault(
      `On a pull request from a fork ${refused.join(", ")} may not be used: forks are only read.`,
    );
}
