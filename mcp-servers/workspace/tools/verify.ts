import { z } from "zod";
import { tool } from "../../tool.ts";
import { checkChange } from "../check-change.ts";
import { CheckResult } from "../check-tree.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { limitsOfCommands } from "../run-commands.ts";

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
  run: (_, deps, call) =>
    checkChange(deps, call, {
      passed: false,
      reason: "No file was changed. Make the change in the checkout, then verify again.",
    }),
});
