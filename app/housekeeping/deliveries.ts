import type { Database } from "../../shared/db.ts";
import type { Queues } from "../../shared/queue.ts";

/**
 * Finds deliveries that nobody took, because their nudge was lost with the queue or the process. After a minute the
 * queue is not believed any more when it says that a job is at work on one; if it is true, the new job does nothing.
 */
export async function nudgeDeliveries({ db, queues }: { db: Database; queues: Queues }): Promise<void> {
  const { rows } = await db.pool.query<{ id: string; isOld: boolean }>(
    `SELECT id, received_at < now() - interval '1 minute' AS "isOld" FROM webhook_deliveries
      WHERE status = 'received' AND received_at < now() - interval '5 seconds' ORDER BY received_at LIMIT 500`,
  );
  const isBehind = (await queues.waiting("deliveries")) > 0;
  for (const { id, isOld } of rows) await queues.nudge("deliveries", id, { anew: isOld && !isBehind });
}
