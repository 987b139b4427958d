// One worker at a time runs an execution. Whoever claims it gets a fence, a number that grows with every claim;
// every write carries it and is refused once it is stale. All times are the database's.
import type { Pool } from "pg";
import { messageOf } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { type Claim, leaseSeconds, maxFaults } from "./claim.ts";

const renewEveryMs = 1_000;
/** The lease counts as lost before another worker can claim it, whatever became of the renewals. */
const lostAfterMs = leaseSeconds * 1_000 - renewEveryMs;

/** Another worker has claimed the execution since. What this one still does must not be written. */
export class StaleLease extends Error {
  override name = "StaleLease";

  constructor(execution: string) {
    super(`Another worker runs the execution ${execution} now.`);
  }
}

/**
 * SQL, `held AS (…)`: the execution's id, when the fence ($2) of the execution ($1) is still ours. Nobody can claim it
 * until the statement is done.
 */
export const held =
  "held AS (SELECT id, created_at FROM workflow_executions WHERE id = $1 AND fence = $2 FOR SHARE)";

/**
 * Gives the execution back, due at once, so that the next worker need not wait for the lease to run out. One that was
 * left already stays as it was left.
 */
export async function releaseExecution(pool: Pool, claim: Claim): Promise<void> {
  await pool.query(
    `UPDATE workflow_executions SET lease_until = NULL, due_at = now()
      WHERE id = $1 AND fence = $2 AND lease_until IS NOT NULL`,
    [claim.id, claim.fence],
  );
}

/** A fault outside of any step: it is tried again, each time after twice as long. In the end the execution is given up. */
export async function releaseAfterFault(pool: Pool, claim: Claim, error: unknown): Promise<void> {
  await pool.query(
    `UPDATE workflow_executions
        SET lease_until = NULL, faults = faults + 1,
            wish = CASE WHEN faults + 1 >= $4 THEN 'cancel' ELSE wish END,
            error = CASE WHEN wish = 'cancel' THEN error WHEN faults + 1 >= $4 THEN $3 END,
            due_at = now() + make_interval(secs => CASE WHEN faults + 1 >= $4 THEN 1 ELSE power(2, faults) END)
      WHERE id = $1 AND fence = $2 AND lease_until IS NOT NULL`,
    [claim.id, claim.fence, messageOf(error) || "unknown", maxFaults],
  );
}

export type LeaseEvents = {
  /** The lease is lost, or can't be renewed in time. Called once. */
  onLost(reason: StaleLease): void;
  /** A person wants it cancelled, for the reason that is given, or paused. */
  onWish(wish: "cancel" | "pause", reason: string | null): void;
};

/** Renews the lease until `stop`, which is to be called before the execution is released. */
export function keepLease(pool: Pool, claim: Claim, log: Logger, events: LeaseEvents): { stop(): void } {
  let renewedAt = performance.now();
  let isStopped = false;
  const timer = setInterval(() => {
    // A query that hangs fails as surely as one that throws.
    if (performance.now() - renewedAt > lostAfterMs) return lose();
    renew().catch((error) => log.warn({ error: messageOf(error) }, "lease not renewed"));
  }, renewEveryMs);

  async function renew() {
    const askedAt = performance.now();
    const { rows } = await pool.query<{ wish: "cancel" | "pause" | null; error: string | null }>(
      `UPDATE workflow_executions SET lease_until = now() + make_interval(secs => $3)
        WHERE id = $1 AND fence = $2 AND lease_until IS NOT NULL RETURNING wish, error`,
      [claim.id, claim.fence, leaseSeconds],
    );
    const [row] = rows;
    if (!row) return lose();
    renewedAt = Math.max(renewedAt, askedAt);
    if (row.wish && !isStopped) events.onWish(row.wish, row.error);
  }
  function stop() {
    isStopped = true;
    clearInterval(timer);
  }
  function lose() {
    if (isStopped) return;
    stop();
    events.onLost(new StaleLease(claim.id));
  }
  return { stop };
}
