import { randomUUID } from "node:crypto";
import type { Stage } from "./stage.ts";

/** Brings the event that an execution waits for, as the app does. Gives the time at which it begins to. */
export async function wake({ db, queues }: Stage, execution: string): Promise<number> {
  const startedAt = Date.now();
  const payload = JSON.stringify({ action: "closed", number: 7 });
  await db.pool.query(
    `WITH delivery AS (
       INSERT INTO webhook_deliveries (id, event, payload, status, processed_at)
       VALUES ($2, 'pull_request', $3, 'processed', now()) RETURNING id
     ), arrived AS (
       UPDATE waits SET delivery_id = delivery.id FROM delivery WHERE execution_id = $1 AND delivery_id IS NULL
     )
     UPDATE workflow_executions SET due_at = now() WHERE id = $1`,
    [execution, randomUUID(), Buffer.from(payload)],
  );
  await queues.nudge("executions", execution, { hurry: true });
  return startedAt;
}
