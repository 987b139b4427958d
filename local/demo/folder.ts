import { appendFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type DemoFolder = {
  path: string;
  postgres: string;
  github: string;
  workspaces: string;
  logs: string;
  /** Adds a line to a process's log. */
  log(name: string, line: string): void;
  /** Removes everything but the paths in `keep`, and the folder itself when nothing is kept. */
  remove(keep: string[]): Promise<void>;
};

/** Makes the folder that holds all that a demo writes. */
export async function makeFolder(): Promise<DemoFolder> {
  const path = await mkdtemp(join(tmpdir(), "afu9-demo-"));
  // Not inside: as root, PostgreSQL runs as a user who can't enter that folder.
  const postgres = await mkdtemp(join(tmpdir(), "afu9-demo-postgres-"));
  const logs = join(path, "logs");
  await mkdir(logs);
  return {
    path,
    postgres,
    logs,
    github: join(path, "github"),
    workspaces: join(path, "workspaces"),
    log: (name, line) => appendFileSync(join(logs, `${name}.log`), `${line}\n`),
    async remove(keep) {
      await rm(postgres, { recursive: true, force: true });
      await removeAllBut(path, keep);
    },
  };
}

async function removeAllBut(path: string, keep: string[]): Promise<void> {
  if (keep.includes(path)) return;
  if (!keep.some((kept) => kept.startsWith(`${path}/`))) {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
    return;
  }
  for (const entry of await readdir(path)) await removeAllBut(join(path, entry), keep);
}
