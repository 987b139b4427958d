// The table `repositories` follows GitHub: what an installation reaches, what everything is called, where the App may work.
import type { Database } from "../../shared/db.ts";
import type { GitHubApp } from "../../shared/github.ts";
import type { Logger } from "../../shared/logger.ts";
import type { Queues } from "../../shared/queue.ts";
import { withLock } from "../../shared/with-lock.ts";
import { endUnreachable } from "./end-unreachable.ts";
import { installationOn, readInstallation } from "./read-installation.ts";
import { askForLabels, markInstallation, missingFrom, saveReached } from "./repository-rows.ts";

export type SyncDeps = {
  db: Database;
  queues: Pick<Queues, "nudge">;
  github: Pick<GitHubApp, "asApp" | "octokitFor">;
  log: Logger;
};

/** Reading the repositories of a large installation takes some time. */
const lockMs = 60_000;

/**
 * Brings the rows of an installation's repositories up to date with GitHub, and ends the executions where the App may not
 * work any more. One at a time: who reads later knows more.
 */
export async function syncInstallation(id: number, deps: SyncDeps): Promise<void> {
  const isMine = await withLock(deps.db.pool, `installation ${id}`, () => syncOnce(id, deps), lockMs);
  if (!isMine) throw new Error(`The installation ${id} is being read by somebody else for over a minute.`);
}

async function syncOnce(id: number, deps: SyncDeps): Promise<void> {
  const { pool } = deps.db;
  const found = await readInstallation(id, deps.github);
  if (found.state !== "active") {
    await markInstallation(pool, id, found.state);
    return endUnreachable({ installation: id }, deps);
  }
  await saveReached(pool, id, found.repositories);
  for (const repository of await missingFrom(pool, id, found.repositories)) {
    // One that was given to somebody who has the App too goes on there.
    const other = await installationOn(deps.github.asApp, repository);
    if (other !== undefined && other !== id) await syncInstallation(other, deps);
  }
  await markInstallation(pool, id, "removed", found.repositories);
  await endUnreachable({ installation: id }, deps);
  await askForLabels(id, deps);
  deps.log.info({ installation: id, repositories: found.repositories.length }, "installation read");
}
