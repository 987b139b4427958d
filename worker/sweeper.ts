import { ensurePartitions } from "../prisma/partitions.ts";
import type { Database } from "../shared/db.ts";
import { every, type Repeating } from "../shared/every.ts";
import type { Logger } from "../shared/logger.ts";
import type { Queues } from "../shared/queue.ts";
import { requestReport } from "./report/report.ts";

/** Makes the coming months' partitions, also in a process that runs for months. */
export function makePartitions({ db, log }: { db: Database; log: Logger }): Repeating {
  return every(6 * 3_600_000, log, () => ensurePartitions(db.pool));
}

/**
 * Finds executions that no worker runs and reports that are behind, because their nudge was lost. The longer a report
 * is behind, the more seldom it is asked for: at first each time, after an hour every six minutes.
 */
export function sweepExecutions({
  db,
  queues,
  log,
}: {
  db: Database;
  queues: Queues;
  log: Logger;
}): Repeating {
  return every(1_000, log, async () => {
    const abandoned = await db.pool.query<{ id: string }>(
      `SELECT id FROM workflow_executions
        WHERE due_at < now() - interval '1 second' AND (lease_until IS NULL OR lease_until < now()) ORDER BY due_at LIMIT 50`,
    );
    for (const { id } of abandoned.rows) await queues.nudge("executions", id);

    const unreported = await db.pool.query<{ id: string }>(
      `SELECT id FROM workflow_executions
        WHERE revision > reported AND finished_at BETWEEN now() - interval '7 days' AND now() - interval '20 seconds'
          AND random() < 30 / extract(epoch FROM now() - finished_at) LIMIT 100`,
    );
    for (const { id } of unreported.rows) await requestReport(queues, id, { now: true });
  });
}
