import { z } from "zod";
import type { Database } from "../shared/db.ts";
import { type EventMatch, matchesEvent, namesOf } from "../shared/matches-event.ts";
import type { Queues } from "../shared/queue.ts";

type Deps = { db: Pick<Database, "pool">; queues: Pick<Queues, "nudge"> };
type Wait = { execution: string; step: string; round: number; match: EventMatch | null };

const FromRepository = z.looseObject({ repository: z.looseObject({ id: z.number().int() }) });

/**
 * Wakes the executions that wait for this webhook. It serves one step of each: handled again, it wakes the same ones
 * again and changes nothing.
 */
export async function wakeWaits(
  delivery: { id: string; event: string; payload: unknown },
  { db, queues }: Deps,
): Promise<void> {
  const { id, event, payload } = delivery;
  const about = FromRepository.safeParse(payload);
  if (!about.success) return;
  // Before it is looked who waits: a step that begins to wait meanwhile finds the delivery by this, or is found itself.
  await db.pool.query("UPDATE webhook_deliveries SET repository_id = $2 WHERE id = $1", [
    id,
    about.data.repository.id,
  ]);
  const { rows } = await db.pool.query<Wait>(
    `SELECT execution_id AS execution, step_id AS step, round, match FROM waits
      WHERE repository_id = $1 AND event = ANY($2)
        AND (delivery_id = $3 OR (delivery_id IS NULL AND NOT EXISTS (
               SELECT FROM waits other WHERE other.execution_id = waits.execution_id AND other.delivery_id = $3)))`,
    [about.data.repository.id, namesOf(event, payload), id],
  );
  for (const wait of rows.filter(({ match }) => matchesEvent(payload, match ?? {}))) {
    await db.pool.query(wake, [id, wait.execution, wait.step, wait.round]);
    await queues.nudge("executions", wait.execution, { hurry: true });
  }
}

/** One that is paused stays so: when it is resumed, it finds that the event has come. */
const wake = `
  WITH arrived AS (
    UPDATE waits SET delivery_id = $1
     WHERE execution_id = $2 AND step_id = $3 AND round = $4 AND delivery_id IS NULL
    RETURNING execution_id)
  UPDATE workflow_executions SET due_at = now() FROM arrived
   WHERE id = execution_id AND status NOT IN ('paused', 'succeeded', 'failed', 'cancelled')`;
