import { z } from "zod";
import { tool } from "../../tool.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { removeDirectory } from "../remove-directory.ts";
import { placeOf } from "../workspace.ts";

export const closeWorkspace = tool<WorkspaceDeps>()({
  name: "closeWorkspace",
  description:
    "Remove this execution's workspace: the checkout and everything in it, for good. " +
    "What was not committed by then is lost. It is no error when there is none.",
  effect: "destroy",
  idempotent: true,
  // A million files take their time.
  limits: { timeoutMs: 300_000 },
  input: z.object({}),
  async run(_, deps, call) {
    return deps.inTurn(call.capability.execution, async () => {
      await removeDirectory(placeOf(deps, call).directory);
      return { closed: true };
    });
  },
});
