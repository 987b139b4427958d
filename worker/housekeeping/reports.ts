import type { Database } from "../../shared/db.ts";
import type { Queues } from "../../shared/queue.ts";

/**
 * Finds executions whose report is behind, because its nudge was lost, and nothing else will ask for one: they have ended,
 * or wait, or have not begun for ten seconds (before that, a worker is about to). Of ended ones, the longer it is behind, the more seldom it is asked for: at first each time, after an hour
 * every six minutes; of waiting ones, about once a minute. While others wait to be written, none is added.
 */
export async function nudgeReports({ db, queues }: { db: Database; queues: Queues }): Promise<void> {
  if ((await queues.waiting("reports")) > 0) return;
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT e.id FROM workflow_executions e JOIN repositories r ON r.id = e.repository_id
      WHERE revision > reported AND r.state = 'active' AND (
              finished_at BETWEEN now() - interval '7 days' AND now() - interval '20 seconds'
              AND random() < 30 / extract(epoch FROM now() - finished_at)
           OR status = 'queued' AND fence = 0 AND e.created_at < now() - interval '10 seconds'
              AND random() < 30 / extract(epoch FROM now() - e.created_at)
           OR status IN ('waiting', 'paused') AND lease_until IS NULL AND random() < 0.05) LIMIT 100`,
  );
  for (const { id } of rows) await queues.nudge("reports", id, { anew: true });
}
