import { readFile } from "node:fs/promises";
import { join } from "node:path";

type Place = { env: NodeJS.ProcessEnv; root: string };

/** Gives the secret that worker and MCP servers share: the environment's, or the one that `npm start` made in this folder. */
export async function findMcpSecret({ env, root }: Place): Promise<string> {
  if (env.AFU9_MCP_SECRET) return env.AFU9_MCP_SECRET;
  const file = join(root, ".afu9", "mcp-secret");
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw new Error(
      `There is no secret to sign with: AFU9_MCP_SECRET is not set, and ${file} can't be read (${(error as NodeJS.ErrnoException).code}). ` +
        "Set it to the one that the MCP servers have; `npm start` makes one.",
    );
  }
}
