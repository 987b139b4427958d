import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The secret that the MCP servers share, as `npm start` has made it, when it has. */
export async function storedSecret(root: string): Promise<string | undefined> {
  try {
    return (await readFile(join(root, ".afu9", "mcp-secret"), "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
