import { z } from "zod";
import { tool } from "../../tool.ts";
import { CheckResult, checkTree } from "../check-tree.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { git } from "../git.ts";
import { limitsOfCommands } from "../run-commands.ts";
import { workspaceOf } from "../workspace.ts";

export const baseline = tool<WorkspaceDeps>()({
  name: "baseline",
  description:
    "Run the repository's setup and verify commands on a clean checkout of the base, without any change: " +
    "what passes and what fails before the work begins. The answer has the shape of verify's.",
  effect: "read",
  limits: limitsOfCommands,
  input: z.object({}),
  output: CheckResult,
  async run(_, deps, call) {
    return deps.inTurn(call.capability.execution, async () => {
      const workspace = await workspaceOf(deps, call);
      const tree = (
        await git(workspace, ["rev-parse", "--verify", `${workspace.opened.base}^{tree}`])
      ).trim();
      return checkTree(deps, workspace, { tree, changes: [], signal: call.signal });
    });
  },
});
