// What an execution waits for. The app marks the delivery that was waited for; what came before is looked up here.
import type { Pool } from "pg";
import { z } from "zod";
import { matchesEvent } from "../../shared/matches-event.ts";
import type { Claim } from "./claim.ts";
import { held, StaleLease } from "./lease.ts";

/** The delivery that a step waited for. */
export type Arrived = { delivery: string; event: string; payload: unknown };

export type Waits = {
  /** Waits for a time, or for so many milliseconds from the first asking on. */
  forTime(stepId: string, time: number | Date): Promise<{ waitMs: number; until: string }>;
  forEvent(stepId: string, wanted: WantedEvent): Promise<{ waitMs: number; arrived?: Arrived }>;
};
export type WantedEvent = { event: string; match: Record<string, unknown>; withinMs: number };

/** A webhook that came before the step waited for it. */
type Past = { id: string; payload: Buffer; receivedAt: Date };
/** A payload has 10 to 30 kB, and 25 MB at most. */
const pageSize = 50;

const Row = z.object({ until: z.date(), waitMs: z.coerce.number(), deliveryId: z.string().nullable() });

export function createWaits(pool: Pool, claim: Claim): Waits {
  const key = (stepId: string) => [claim.id, claim.fence, stepId, claim.round];

  /** Writes the row, unless it is there. */
  async function open(stepId: string, until: number | Date, event?: Omit<WantedEvent, "withinMs">) {
    const { rowCount } = await pool.query(
      `WITH ${held}, opened AS (
         INSERT INTO waits (execution_id, step_id, round, repository_id, event, match, until)
         SELECT id, $3, $4, $5, $6, $7, coalesce($8, now() + make_interval(secs => $9 / 1000.0)) FROM held
         ON CONFLICT (execution_id, step_id, round) DO NOTHING
       ) SELECT FROM held`,
      [
        ...key(stepId),
        claim.trigger.repository.id,
        event?.event,
        event && JSON.stringify(event.match),
        until instanceof Date ? until : null,
        until instanceof Date ? 0 : until,
      ],
    );
    if (!rowCount) throw new StaleLease(claim.id);
  }

  async function read(stepId: string) {
    const { rows } = await pool.query(
      `SELECT until, extract(epoch FROM until - now()) * 1000 AS "waitMs", delivery_id AS "deliveryId"
         FROM waits WHERE execution_id = $1 AND step_id = $2 AND round = $3`,
      [claim.id, stepId, claim.round],
    );
    return Row.parse(rows[0]);
  }

  return {
    async forTime(stepId, time) {
      await open(stepId, time);
      const { waitMs, until } = await read(stepId);
      return { waitMs, until: until.toISOString() };
    },
    async forEvent(stepId, { event, match, withinMs }) {
      await open(stepId, withinMs, { event, match });
      let row = await read(stepId);
      if (!row.deliveryId && (await lookBack(stepId, event, match))) row = await read(stepId);
      if (!row.deliveryId) return { waitMs: row.waitMs };
      return { waitMs: 0, arrived: await readDelivery(pool, row.deliveryId, event) };
    },
  };

  /**
   * Finds what came between the execution's beginning and the row that waits for it: a person may merge before the
   * step that waits for the merge has begun. A delivery serves one step. What intake has not handled yet will wake it.
   */
  async function lookBack(stepId: string, event: string, match: Record<string, unknown>): Promise<boolean> {
    const [name, action] = event.split(".");
    const wanted = { ...match, "repository.id": claim.trigger.repository.id, ...(action && { action }) };
    let after: Past | undefined;
    do {
      const page: Past[] = await pageAfter(name, after);
      const found = page.find((row) => matchesEvent(parsed(row.payload), wanted));
      if (found) return note(stepId, found);
      after = page.at(-1);
    } while (after);
    return false;
  }

  async function pageAfter(event: string | undefined, after?: Past): Promise<Past[]> {
    const { rows } = await pool.query<Past>(
      `SELECT d.id, d.payload, d.received_at AS "receivedAt" FROM webhook_deliveries d
         JOIN workflow_executions e ON e.id = $1 AND d.received_at >= e.created_at
        WHERE d.repository_id = $2 AND d.event = $3 AND (d.received_at, d.id) > ($4, $5)
          AND NOT EXISTS (SELECT FROM waits w WHERE w.execution_id = $1 AND w.delivery_id = d.id)
        ORDER BY d.received_at, d.id LIMIT ${pageSize}`,
      [claim.id, claim.trigger.repository.id, event, after?.receivedAt ?? new Date(0), after?.id ?? ""],
    );
    return rows;
  }

  async function note(stepId: string, { id }: Past): Promise<true> {
    await pool.query(
      `WITH ${held} UPDATE waits SET delivery_id = $5 FROM held
        WHERE execution_id = held.id AND step_id = $3 AND round = $4 AND delivery_id IS NULL`,
      [...key(stepId), id],
    );
    return true;
  }
}

async function readDelivery(pool: Pool, id: string, event: string): Promise<Arrived> {
  const { rows } = await pool.query<{ payload: Buffer }>(
    "SELECT payload FROM webhook_deliveries WHERE id = $1",
    [id],
  );
  return { delivery: id, event, payload: rows[0] ? parsed(rows[0].payload) : {} };
}

/** A delivery whose payload is no JSON matches nothing. */
function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString("utf8"));
  } catch {
    return undefined;
  }
}
