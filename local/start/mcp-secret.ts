import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** The secret that worker and MCP servers share, made once and kept in a file that only this user can read. */
export async function mcpSecret(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const secret = randomBytes(32).toString("hex");
  try {
    await writeFile(file, `${secret}\n`, { flag: "wx", mode: 0o600 });
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return (await readFile(file, "utf8")).trim();
  }
}
