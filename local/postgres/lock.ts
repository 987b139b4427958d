import { readFile, readlink, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Removes `postmaster.pid` of a server that was killed. PostgreSQL does so itself unless another process has got the
 * number since, which happens in containers. Throws when a server really runs on the directory.
 */
export async function freeLock(data: string): Promise<void> {
  const file = join(data, "postmaster.pid");
  const lock = await readFile(file, "utf8").catch(() => "");
  const [pid] = lock.split("\n");
  if (!pid || process.platform !== "linux") return;

  // A server's working directory is its data directory.
  const directory = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  if (directory === data) {
    throw new Error(
      `PostgreSQL runs on ${data} already (process ${pid}): another AFU-9 uses it. End that one first.`,
    );
  }
  await rm(file);
}
