import { z } from "zod";
import { tool } from "../../tool.ts";
import { checkChange } from "../check-change.ts";
import { CheckResult } from "../check-tree.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { limitsOfCommands } from "../run-commands.ts";

export const verifyIfChanged = tool<WorkspaceDeps>()({
  name: "verifyIfChanged",
  description:
    "Check the change as verify does. Where no file was changed, there is nothing to check, and it passes.",
  effect: "read",
  limits: limitsOfCommands,
  input: z.object({}),
  output: CheckResult,
  run: (_, deps, call) =>
    checkChange(deps, call, { passed: true, note: "No file was changed, so there was nothing to verify." }),
});
