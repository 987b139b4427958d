import { z } from "zod";
import { tool } from "../../tool.ts";
import { changeSet } from "../change-set.ts";
import { CheckResult, checkTree } from "../check-tree.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { limitsOfCommands } from "../run-commands.ts";
import { workspaceOf } from "../workspace.ts";

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
      const { base } = workspace.opened;
      const { changes, tree } = await changeSet(workspace, {
        base,
        treeAfterSetup: workspace.treeAfterSetup,
      });
      if (changes.length === 0) {
        const reason = "No file was changed. Make the change in the checkout, then verify again.";
        return { passed: false, tree, base, changed: 0, commands: [], weakened: [], reason };
      }
      return checkTree(deps, workspace, { tree, changes, signal: call.signal });
    });
  },
});
