// What workflows in a repository may use. Whoever may push there writes them, and needs no rights in AFU-9 for that: so
// they read, work in the checkout, propose, and say something about it. What takes effect by itself is for the workflows
// that come with AFU-9: a merge, a deployment, another's issue, a label (it starts workflows), a review or a check run
// (merges wait for them), a run of GitHub Actions (it has the repository's secrets).
import { PermanentFault } from "./errors.ts";

/** The origin of the workflows that come with AFU-9. Any other is the id of the repository whose file it is. */
export const builtIn = "afu9";

const tools = [
  "github.getIssue",
  "github.listIssues",
  "github.getPullRequest",
  "github.listPullRequests",
  "github.listReviewThreads",
  "github.getFile",
  "github.searchCode",
  "github.getWorkflowRun",
  "github.listWorkflowRuns",
  "github.addComment",
  "github.replyToReviewThread",
  "github.answerReviewThreads",
  "github.addReaction",
  "github.createBranch",
  "github.commitChanges",
  "github.createPullRequest",
  "workspace.openWorkspace",
  "workspace.closeWorkspace",
  "workspace.describeRepository",
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
];

export const repositoryTools: ReadonlySet<string> = new Set(tools);

/** Throws a `PermanentFault` for tools that a workflow of this origin may not use. */
export function checkTools(origin: string, wanted: string[]): void {
  if (origin === builtIn) return;
  const refused = wanted.filter((tool) => !isAllowedForRepositories(tool));
  if (refused.length > 0)
    throw new PermanentFault(
      `A repository's workflow may not use ${refused.join(", ")}. See docs/workflows.md.`,
    );
}

/** Whether a workflow whose `origin` is a repository may use this tool. */
export function isAllowedForRepositories(tool: string): boolean {
  return repositoryTools.has(tool);
}
