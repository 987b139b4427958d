// What workflows in a repository may use. Whoever may push there writes them, and needs no rights in AFU-9 for that: so
// they read, work in the checkout, and propose. What takes effect by itself (a merge, a deployment, another's issue) is
// for the workflows that come with AFU-9.

const tools = [
  "github.getIssue",
  "github.listIssues",
  "github.getPullRequest",
  "github.listPullRequests",
  "github.addComment",
  "github.createBranch",
  "github.commitChanges",
  "github.createPullRequest",
  "workspace.openWorkspace",
  "workspace.closeWorkspace",
  "workspace.listFiles",
  "workspace.readFile",
  "workspace.searchCode",
  "workspace.editFile",
  "workspace.writeFile",
  "workspace.deleteFile",
  "workspace.runCommand",
  "workspace.changes",
  "workspace.baseline",
  "workspace.verify",
];

export const repositoryTools: ReadonlySet<string> = new Set(tools);

/** Whether a workflow whose `origin` is a repository may use this tool. */
export function isAllowedForRepositories(tool: string): boolean {
  return repositoryTools.has(tool);
}
