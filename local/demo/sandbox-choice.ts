import { probeSandbox } from "../../mcp-servers/workspace/sandbox.ts";
import type { Environment } from "../processes.ts";

export type SandboxChoice = { kind: "bwrap" | "none"; note?: string };

/** Without bubblewrap, commands run unsandboxed only when they are the demo's own, or when the person says so by name. */
export async function chooseSandbox(
  env: Environment,
  isTrusted: boolean,
  probe = probeSandbox,
): Promise<SandboxChoice> {
  if (env.AFU9_SANDBOX === "none") {
    return {
      kind: "none",
      note: "AFU9_SANDBOX=none is set: the repository's commands run with your own rights.",
    };
  }
  const toolchains = (env.AFU9_SANDBOX_TOOLCHAINS ?? "").split(":").filter(Boolean);
  const fault = await probe({ kind: "bwrap", toolchains });
  if (!fault) return { kind: "bwrap" };
  if (isTrusted) {
    return {
      kind: "none",
      note: `There is no sandbox on this machine (${fault}). The sample's own commands run without one. For any other repository: apt-get install bubblewrap`,
    };
  }
  throw new Error(
    `Commands of a repository run in a sandbox, and there is none on this machine (${fault}). Install it: apt-get install bubblewrap. ` +
      "Or set AFU9_SANDBOX=none; then the commands run with your own rights, so do that for code and models that you trust.",
  );
}
