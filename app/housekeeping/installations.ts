import { messageOf } from "../../shared/errors.ts";
import { type SyncDeps, syncInstallation } from "../installations/sync-installation.ts";

/** Compares every installation with GitHub, those too that only one side knows: an event may have been lost. */
export async function compareInstallations(deps: SyncDeps, signal: AbortSignal): Promise<void> {
  const { asApp } = deps.github;
  const there = await asApp.paginate(asApp.rest.apps.listInstallations, {
    per_page: 100,
    request: { signal },
  });
  const { rows } = await deps.db.pool.query<{ id: string }>(
    "SELECT DISTINCT installation_id AS id FROM repositories WHERE state <> 'removed'",
  );
  for (const id of new Set([...there.map(({ id }) => id), ...rows.map(({ id }) => Number(id))])) {
    if (signal.aborted) return;
    // One that can't be read must not keep the others from it.
    await syncInstallation(id, deps).catch((error) =>
      deps.log.warn({ installation: id, error: messageOf(error) }, "installation not read"),
    );
  }
}

/** Asks again for labels that are not made yet, because their job was lost or GitHub had no time. */
export async function nudgeLabels({ db, queues }: Pick<SyncDeps, "db" | "queues">): Promise<void> {
  const { rows } = await db.pool.query<{ id: string }>(
    "SELECT id FROM repositories WHERE state = 'active' AND labels_made_at IS NULL ORDER BY id LIMIT 500",
  );
  for (const { id } of rows) await queues.nudge("labels", id, { anew: true });
}
