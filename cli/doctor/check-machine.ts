import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import { promisify } from "node:util";
import { messageOf } from "../../shared/errors.ts";
import { type Answer, fault, open, type Patient, well } from "./finding.ts";

const leastNode = 24;
const leastFreeGb = 5;

export async function checkNode(): Promise<Answer> {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= leastNode) return well(`Node ${process.versions.node}`);
  return fault(
    `Node ${process.versions.node}; expected ${leastNode} or newer`,
    "Start it by npm (`npm run afu9 -- doctor`), which takes the Node that `npm ci` brought.",
  );
}

/** Tries what the MCP server workspace does at its start, on this machine. */
export async function checkSandbox({ env }: Patient): Promise<Answer> {
  if (env.AFU9_SANDBOX === "none")
    return open("AFU9_SANDBOX=none: commands of repositories run with all rights of this user");
  try {
    const room = [
      "--unshare-all",
      "--die-with-parent",
      "--ro-bind",
      "/",
      "/",
      "--proc",
      "/proc",
      "--dev",
      "/dev",
    ];
    await promisify(execFile)("bwrap", [...room, "true"], { timeout: 10_000 });
    return well("bubblewrap works for this user");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      return fault("bubblewrap is not installed", "apt-get install bubblewrap");
    return fault(
      `bubblewrap does not work: ${messageOf(error).split("\n").filter(Boolean).at(-1)}`,
      "Allow user namespaces (sysctl kernel.unprivileged_userns_clone=1), or, for code that you trust, set AFU9_SANDBOX=none.",
    );
  }
}

export async function checkDisk({ env, root }: Patient): Promise<Answer> {
  const folder = env.AFU9_WORKSPACE_DIR || root;
  const { bavail, bsize } = await statfs(folder).catch(() => statfs(root));
  const freeGb = (bavail * bsize) / 2 ** 30;
  const detail = `${freeGb.toFixed(1)} GB free for checkouts`;
  if (freeGb >= leastFreeGb) return well(detail);
  return fault(
    `${detail}; expected ${leastFreeGb} GB or more`,
    "Make room, or let AFU9_WORKSPACE_DIR name a folder on another disk.",
  );
}
