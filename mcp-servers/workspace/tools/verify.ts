import { z } from "zod";
import { tool } from "../../tool.ts";
import { type ChangeSet, changeSet, differences } from "../change-set.ts";
import { CheckResult, checkTree } from "../check-tree.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { filesWithMarkers } from "../merge-into.ts";
import { limitsOfCommands } from "../run-commands.ts";
import { type OpenedMerge, type Workspace, workspaceOf } from "../workspace.ts";

/** Why there is nothing that could be checked, if that is so. A merge may leave every file as it was. */
async function whyNothingToCheck(
  workspace: Workspace,
  merge: OpenedMerge | undefined,
  { changes, tree }: ChangeSet,
): Promise<string | undefined> {
  if (changes.length === 0 && !merge?.isNeeded)
    return "No file was changed. Make the change in the checkout, then verify again.";
  const marked = merge ? await filesWithMarkers(workspace, tree, merge.conflicts) : [];
  if (marked.length === 0) return undefined;
  return `Conflict markers are left in ${marked.join(", ")}. Resolve each conflict, then verify again.`;
}

export const verify = tool<WorkspaceDeps>()({
  name: "verify",
  description:
    "Check the change as it would be committed: on a clean checkout of the base with exactly the changed files, run the repository's " +
    "setup and verify commands, and stop at the first that fails. `passed` says whether all did. The commands are those of the base. " +
    "`weakened` says where the change takes tests or CI away, skips or loosens them.",
  effect: "read",
  limits: limitsOfCommands,
  input: z.object({}),
  output: CheckResult,
  async run(_, deps, call) {
    return deps.inTurn(call.capability.execution, async () => {
      const workspace = await workspaceOf(deps, call);
      const { base, merge } = workspace.opened;
      const { changes, tree } = await changeSet(workspace, {
        base,
        treeAfterSetup: workspace.treeAfterSetup,
      });
      const reason = await whyNothingToCheck(workspace, merge, { changes, tree });
      if (reason)
        return { passed: false, tree, base, changed: changes.length, commands: [], weakened: [], reason };
      // What the merge brings was judged where it was made: only what was changed beyond it can weaken anything here.
      const own = merge ? await differences(workspace, merge.tree, tree) : changes;
      const checked = await checkTree(deps, workspace, { tree, changes: own, signal: call.signal });
      return { ...checked, changed: changes.length };
    });
  },
});
