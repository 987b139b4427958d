import type { ToolCall } from "../tool.ts";
import { type ChangeSet, changeSet, differences } from "./change-set.ts";
import { type CheckResult, checkTree } from "./check-tree.ts";
import type { WorkspaceDeps } from "./deps.ts";
import { filesWithMarkers } from "./merge-into.ts";
import { type OpenedMerge, type Workspace, workspaceOf } from "./workspace.ts";

/** What it means that there is nothing to check. */
type Unchanged = Pick<CheckResult, "passed" | "reason" | "note">;

/** Checks the change as it would be committed. */
export function checkChange(deps: WorkspaceDeps, call: ToolCall, unchanged: Unchanged): Promise<CheckResult> {
  return deps.inTurn(call.capability.execution, async () => {
    const workspace = await workspaceOf(deps, call);
    const { base, merge } = workspace.opened;
    const { changes, tree } = await changeSet(workspace, { base, treeAfterSetup: workspace.treeAfterSetup });
    const nothing = await nothingToCheck(workspace, merge, { changes, tree }, unchanged);
    if (nothing) return { ...nothing, tree, base, changed: changes.length, commands: [], weakened: [] };
    // What the merge brings was judged where it was made: only what was changed beyond it can weaken anything here.
    const own = merge ? await differences(workspace, merge.tree, tree) : changes;
    const checked = await checkTree(deps, workspace, { tree, changes: own, signal: call.signal });
    return { ...checked, changed: changes.length };
  });
}

/** Why there is nothing that could be checked, if that is so. A merge may leave every file as it was. */
async function nothingToCheck(
  workspace: Workspace,
  merge: OpenedMerge | undefined,
  { changes, tree }: ChangeSet,
  unchanged: Unchanged,
): Promise<Unchanged | undefined> {
  if (changes.length === 0 && !merge?.isNeeded) return unchanged;
  const marked = merge ? await filesWithMarkers(workspace, tree, merge.conflicts) : [];
  if (marked.length === 0) return undefined;
  const reason = `Conflict markers are left in ${marked.join(", ")}. Resolve each conflict, then verify again.`;
  return { passed: false, reason };
}
