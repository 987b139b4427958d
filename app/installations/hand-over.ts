import type { Database } from "../../shared/db.ts";
import type { Queues } from "../../shared/queue.ts";

/** A worker notices within a second that it has lost an execution. */
const noticedSeconds = 2;

/**
 * Takes the executions that run from their workers, so that whoever goes on with them knows what their repository is called
 * now, and by which installation it is reached: tokens and capabilities are by these. What is saved is not done again.
 */
export async function handOver(
  where: { installation: number } | { repository: number },
  { db, queues }: { db: Database; queues: Pick<Queues, "nudge"> },
): Promise<void> {
  const { rows } = await db.pool.query<{ id: string }>(
    `UPDATE workflow_executions e
        SET fence = fence + 1, lease_until = NULL, due_at = now() + make_interval(secs => $2)
       FROM repositories r
      WHERE r.id = e.repository_id AND ${"installation" in where ? "r.installation_id" : "r.id"} = $1
        AND e.lease_until IS NOT NULL RETURNING e.id`,
    ["installation" in where ? where.installation : where.repository, noticedSeconds],
  );
  for (const { id } of rows) await queues.nudge("executions", id, { delayMs: noticedSeconds * 1_000 });
}
