import type { Database } from "../../shared/db.ts";
import type { Queues } from "../../shared/queue.ts";

/** Any nudge leads a worker to the execution whose turn it is, so that these few are enough for any number. */
const most = 50;

/** Finds executions that are due and that no worker runs, because their nudge was lost or their worker died. */
export async function nudgeExecutions({ db, queues }: { db: Database; queues: Queues }): Promise<void> {
  // While others wait for a free slot, more of them are no use.
  if ((await queues.waiting("executions")) > 0) return;
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT id FROM workflow_executions
      WHERE due_at < now() - interval '1 second' AND (lease_until IS NULL OR lease_until < now())
      ORDER BY due_at LIMIT $1`,
    [most],
  );
  for (const { id } of rows) await queues.nudge("executions", id);
}
