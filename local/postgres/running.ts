import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The only user and the only database of the embedded PostgreSQL. */
export const user = "afu9";
export const database = "afu9";

/** The server's address, without a database. */
export function addressOf({ password, port }: { password: string; port: number }): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}`;
}

/**
 * The connection string of the server that runs on `dataDir`, as its own files tell it. Undefined when none was started
 * there. After a crash the files may tell of one that is gone.
 */
export async function findRunning(dataDir: string): Promise<string | undefined> {
  const [lock, password] = await Promise.all(
    [join("data", "postmaster.pid"), "password"].map((file) =>
      readFile(join(dataDir, file), "utf8").catch(absent),
    ),
  );
  const port = Number(lock?.split("\n")[3]);
  if (!password || !port) return undefined;
  return `${addressOf({ password: password.trim(), port })}/${database}`;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
