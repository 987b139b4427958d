// What is kept for how long: docs/architecture.md says it. Everything goes in small batches, each its own transaction.
import { dropPartitions } from "../../prisma/partitions.ts";
import type { Database } from "../../shared/db.ts";
import type { Logger } from "../../shared/logger.ts";

type Deps = { db: Pick<Database, "pool">; retentionDays: number; log: Logger };

const deliveriesAtOnce = 500;
const executionsAtOnce = 20;

/** Removes what is older than the setting, until nothing is left or `signal` is aborted. */
export async function removeOld({ db, retentionDays, log }: Deps, signal: AbortSignal): Promise<void> {
  const deliveries = await removeDeliveries(db, retentionDays, signal);
  await db.pool.query("DELETE FROM trigger_decisions WHERE created_at < now() - make_interval(days => $1)", [
    retentionDays,
  ]);
  await db.pool.query("DELETE FROM issue_holds WHERE changed_at < now() - make_interval(days => $1)", [
    retentionDays,
  ]);
  const partitions = await dropPartitions(db.pool, { endedForDays: retentionDays });
  const executions = await removeDetails(db, retentionDays, signal);
  if (deliveries + partitions.length + executions === 0) return;
  log.info({ deliveries, executions, partitions }, "old rows removed");
}

async function removeDeliveries({ pool }: Deps["db"], days: number, signal: AbortSignal): Promise<number> {
  let removed = 0;
  while (!signal.aborted) {
    const { rowCount } = await pool.query(
      `DELETE FROM webhook_deliveries WHERE id IN (
         SELECT id FROM webhook_deliveries
          WHERE status IN ('processed', 'failed') AND received_at < now() - make_interval(days => $1)
          LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [days, deliveriesAtOnce],
    );
    if (!rowCount) break;
    removed += rowCount;
  }
  return removed;
}

/**
 * Removes transcripts, tool calls, steps and artifacts, of an execution all or nothing: half a chain of tool calls would
 * look like one that was tampered with. The row is held meanwhile, so that nobody has the execution tried again.
 */
async function removeDetails({ pool }: Deps["db"], days: number, signal: AbortSignal): Promise<number> {
  let removed = 0;
  let last = "00000000-0000-0000-0000-000000000000";
  while (!signal.aborted) {
    const { rows } = await pool.query<{ id: string }>(
      `WITH ended AS MATERIALIZED (
         SELECT e.id FROM workflow_executions e
          WHERE e.status IN ('succeeded', 'failed', 'cancelled') AND e.finished_at < now() - make_interval(days => $1)
            AND e.id > $2
            AND (EXISTS (SELECT FROM agent_messages m JOIN agent_runs r ON r.id = m.agent_run_id WHERE r.execution_id = e.id)
              OR EXISTS (SELECT FROM mcp_tool_calls c WHERE c.execution_id = e.id)
              OR EXISTS (SELECT FROM artifacts a WHERE a.execution_id = e.id)
              OR EXISTS (SELECT FROM workflow_steps s WHERE s.execution_id = e.id))
          ORDER BY e.id LIMIT $3 FOR UPDATE SKIP LOCKED
       ), messages AS (
         DELETE FROM agent_messages m USING agent_runs r, ended WHERE m.agent_run_id = r.id AND r.execution_id = ended.id
       ), calls AS (
         DELETE FROM mcp_tool_calls c USING ended WHERE c.execution_id = ended.id
       ), files AS (
         DELETE FROM artifacts a USING ended WHERE a.execution_id = ended.id
       ), steps AS (
         DELETE FROM workflow_steps s USING ended WHERE s.execution_id = ended.id
       )
       SELECT id FROM ended ORDER BY id`,
      [days, last, executionsAtOnce],
    );
    const newest = rows.at(-1);
    if (!newest) break;
    last = newest.id;
    removed += rows.length;
  }
  return removed;
}
