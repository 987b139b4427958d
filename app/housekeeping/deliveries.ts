import type { Database } from "../../shared/db.ts";
import type { Queues } from "../../shared/queue.ts";

/** Finds deliveries that nobody took, because their nudge was lost with the queue or the process. */
export async function nudgeDeliveries({ db, queues }: { db: Database; queues: Queues }): Promise<void> {
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT id FROM webhook_deliveries
      WHERE status = 'received' AND received_at < now() - interval '5 seconds' ORDER BY received_at LIMIT 500`,
  );
  for (const { id } of rows) await queues.nudge("deliveries", id);
}
