import type { Pool } from "pg";
import type { Database } from "../../shared/db.ts";
import type { Queues } from "../../shared/queue.ts";
import type { Reached } from "./read-installation.ts";

/** Writes what an installation reaches. Labels are made anew where the App comes back to. */
export async function saveReached(pool: Pool, installation: number, repositories: Reached[]): Promise<void> {
  await pool.query(
    `INSERT INTO repositories (id, installation_id, owner, name, default_branch, state)
     SELECT id, $1, owner, name, "defaultBranch", CASE WHEN "isArchived" THEN 'archived' ELSE 'active' END::repository_state
       FROM json_to_recordset($2) AS found(id bigint, owner text, name text, "defaultBranch" text, "isArchived" boolean)
     ON CONFLICT (id) DO UPDATE
        SET installation_id = excluded.installation_id, owner = excluded.owner, name = excluded.name,
            default_branch = excluded.default_branch, state = excluded.state, updated_at = now(),
            labels_made_at = CASE WHEN repositories.state <> 'removed' THEN repositories.labels_made_at END`,
    [installation, JSON.stringify(repositories)],
  );
}

/** Marks the repositories of an installation, but for those that are named. */
export async function markInstallation(
  pool: Pool,
  installation: number,
  state: "removed" | "suspended",
  except: Pick<Reached, "id">[] = [],
): Promise<void> {
  await pool.query(
    `UPDATE repositories SET state = $2, updated_at = now()
      WHERE installation_id = $1 AND state NOT IN ('removed', $2) AND id <> ALL($3)`,
    [installation, state, except.map(({ id }) => id)],
  );
}

/** The repositories that an installation had, and of which GitHub says nothing any more. */
export async function missingFrom(
  pool: Pool,
  installation: number,
  reached: Pick<Reached, "id">[],
): Promise<{ owner: string; name: string }[]> {
  const { rows } = await pool.query<{ owner: string; name: string }>(
    "SELECT owner, name FROM repositories WHERE installation_id = $1 AND state <> 'removed' AND id <> ALL($2)",
    [installation, reached.map(({ id }) => id)],
  );
  return rows;
}

/** One that is gone: deleted, or out of reach. */
export async function markRemoved(pool: Pool, id: number): Promise<void> {
  await pool.query("UPDATE repositories SET state = 'removed', updated_at = now() WHERE id = $1", [id]);
}

/** A job for each repository whose labels are still to be made: they are made one after the other. */
export async function askForLabels(
  installation: number,
  { db, queues }: { db: Database; queues: Pick<Queues, "nudge"> },
): Promise<void> {
  const { rows } = await db.pool.query<{ id: string }>(
    "SELECT id FROM repositories WHERE installation_id = $1 AND state = 'active' AND labels_made_at IS NULL",
    [installation],
  );
  for (const { id } of rows) await queues.nudge("labels", id);
}
