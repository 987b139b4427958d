import { z } from "zod";
import { tool } from "../../tool.ts";
import { applyDiff } from "../apply-diff.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { workspaceOf } from "../workspace.ts";

export const applyPatch = tool<WorkspaceDeps>()({
  name: "applyPatch",
  description:
    "Apply a unified diff to the checkout, as git diff prints it: files changed, added, deleted or renamed, in any number of hunks. " +
    "All of it or nothing: when a hunk does not fit, the answer names each that does not, and no file was changed.",
  effect: "write",
  input: z.object({
    patch: z
      .string()
      .min(1)
      .max(1024 * 1024)
      .describe(
        "The diff, with paths from the root of the repository, such as --- a/src/x.ts and +++ b/src/x.ts",
      ),
  }),
  async run({ patch }, deps, call) {
    return deps.inTurn(call.capability.execution, async () => {
      const workspace = await workspaceOf(deps, call);
      return { files: await applyDiff(workspace, patch) };
    });
  },
});
