import { z } from "zod";
import { tool } from "../../tool.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { type KeptOutput, keepOutput, removeOldOutputs } from "../kept-output.ts";
import { workspaceOf } from "../workspace.ts";

const maxTimeoutSeconds = 600;
const cap = { head: 8_000, tail: 22_000 };

export const runCommand = tool<WorkspaceDeps>()({
  name: "runCommand",
  description:
    "Run a command with bash in the root of the checkout, in a sandbox: no network (unless the repository allows it), nothing writable " +
    "outside of the checkout, no input. Every call is a new shell. Gives the exit code and the output; of a long one the middle " +
    "is left out here, and readOutput shows it. An exit code other than 0 is an answer and not an error. `stopped` says " +
    "why a command was ended that used too much memory, processes or disk.",
  effect: "write",
  // The command has its own limit; this one is for a sandbox that does not end.
  limits: { timeoutMs: (maxTimeoutSeconds + 15) * 1000 },
  input: z.object({
    command: z.string().min(1).max(20_000).describe("What bash runs; several lines are fine"),
    timeoutSeconds: z
      .number()
      .int()
      .min(1)
      .max(maxTimeoutSeconds)
      .default(120)
      .describe("After this it is killed, with all that it started"),
  }),
  async run({ command, timeoutSeconds }, deps, call) {
    const workspace = await workspaceOf(deps, call);
    await removeOldOutputs(workspace, deps.outputLimits);
    const { head, tail } = cap;
    const kept = keepOutput(workspace, head + tail, deps.outputLimits);
    const { checkout, home, gitDirectory, opened } = workspace;
    let output: KeptOutput | undefined;
    const running = deps.sandbox.run({
      command,
      ...{ checkout, home, gitDirectory, network: opened.verify.network },
      ...{ timeoutMs: timeoutSeconds * 1000, signal: call.signal, cap, onOutput: kept.add },
    });
    const result = await running.finally(() => {
      output = kept.end();
    });
    return { ...result, ...withNote(output) };
  },
});

function withNote(kept: KeptOutput | undefined) {
  if (!kept) return {};
  const { id, bytes, keptBytes } = kept;
  const rest = keptBytes < bytes ? ` Only its first ${keptBytes} bytes are kept.` : "";
  return {
    outputId: id,
    note: `The whole output has ${bytes} bytes: readOutput with this id shows it.${rest}`,
  };
}
