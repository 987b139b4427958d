import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Removes a directory, also where commands took the right to write from its owner. */
export async function removeDirectory(directory: string): Promise<void> {
  try {
    await rm(directory, { recursive: true, force: true });
  } catch (error) {
    if (!["EACCES", "EPERM", "ENOTEMPTY"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await takeRightsBack(directory);
    await rm(directory, { recursive: true, force: true });
  }
}

async function takeRightsBack(directory: string): Promise<void> {
  await chmod(directory, 0o700);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await takeRightsBack(join(directory, entry.name));
  }
}
