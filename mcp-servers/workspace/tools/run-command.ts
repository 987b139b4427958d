import { z } from "zod";
import { tool } from "../../tool.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { workspaceOf } from "../workspace.ts";

const maxTimeoutSeconds = 600;
const cap = { head: 8_000, tail: 22_000 };

export const runCommand = tool<WorkspaceDeps>()({
  name: "runCommand",
  description:
    "Run a command with bash in the root of the checkout, in a sandbox: no network (unless the repository allows it), nothing writable " +
    "outside of the checkout, no input. Every call is a new shell. Gives the exit code and the output, of which a long one " +
    "loses its middle. An exit code other than 0 is an answer and not an error.",
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
    const { checkout, home, gitDirectory, opened } = await workspaceOf(deps, call);
    const { network } = opened.verify;
    const timeoutMs = timeoutSeconds * 1000;
    return deps.sandbox.run({
      command,
      checkout,
      home,
      gitDirectory,
      network,
      timeoutMs,
      cap,
      signal: call.signal,
    });
  },
});
