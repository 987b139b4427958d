// One worker at a time runs an execution. Whoever claims it gets a fence, a number that grows with every claim;
// every write carries it and is refused once it is stale. All times are the database's.
import type { Pool } from "pg";
import { z } from "zod";
import { messageOf } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { Trigger } from "../../shared/trigger.ts";

const leaseSeconds = 5;
const renewEveryMs = 1_500;
/** The lease counts as lost before another worker can claim it, whatever became of the renewals. */
const lostAfterMs = leaseSeconds * 1_000 - renewEveryMs;

const Claimed = z.object({
  id: z.string(),
  fence: z.coerce.bigint(),
  trigger: Trigger,
  source: z.string(),
  workflow: z.string(),
});
/** An execution that this worker may run now, with the definition it began with. */
export type Claim = z.infer<typeof Claimed>;

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
export const held = "held AS (SELECT id FROM workflow_executions WHERE id = $1 AND fence = $2 FOR SHARE)";

/**
 * Claims an execution. Gives undefined when it has ended or when another worker's lease still holds. One whose row
 * can't be read, as after a change of versions, ends as failed.
 */
export async function claimExecution(pool: Pool, id: string): Promise<Claim | undefined> {
  const { rows } = await pool.query(
    `UPDATE workflow_executions e
        SET fence = fence + 1, lease_until = now() + make_interval(secs => $2), status = 'running',
            started_at = coalesce(started_at, now()), revision = revision + 1
       FROM workflows w
      WHERE e.id = $1 AND w.id = e.workflow_id AND e.status IN ('queued', 'running')
        AND (e.lease_until IS NULL OR e.lease_until < now())
      RETURNING e.id, e.fence, e.trigger, w.source, w.name AS workflow`,
    [id, leaseSeconds],
  );
  if (!rows[0]) return undefined;
  const claimed = Claimed.safeParse(rows[0]);
  if (claimed.success) return claimed.data;
  // Nobody can run it, and nothing is to be tried again for ever.
  await pool.query(
    `UPDATE workflow_executions SET status = 'failed', error = $2, finished_at = now(), lease_until = NULL WHERE id = $1`,
    [id, `The execution's row can't be read: ${z.prettifyError(claimed.error)}`],
  );
  return undefined;
}

/** Gives the execution back, so that the next worker need not wait for the lease to run out. */
export async function releaseExecution(pool: Pool, claim: Claim): Promise<void> {
  await pool.query("UPDATE workflow_executions SET lease_until = NULL WHERE id = $1 AND fence = $2", [
    claim.id,
    claim.fence,
  ]);
}

/**
 * Renews the lease until `stop`, which is to be called before the execution is released. When the lease is lost, or
 * can't be renewed in time, `onLost` is called once.
 */
export function keepLease(
  pool: Pool,
  claim: Claim,
  log: Logger,
  onLost: (reason: StaleLease) => void,
): { stop(): void } {
  let renewedAt = performance.now();
  let isStopped = false;
  const timer = setInterval(() => {
    // A query that hangs fails as surely as one that throws.
    if (performance.now() - renewedAt > lostAfterMs) return lose();
    renew().catch((error) => log.warn({ error: messageOf(error) }, "lease not renewed"));
  }, renewEveryMs);

  async function renew() {
    const askedAt = performance.now();
    const { rowCount } = await pool.query(
      `UPDATE workflow_executions SET lease_until = now() + make_interval(secs => $3)
        WHERE id = $1 AND fence = $2 AND lease_until IS NOT NULL`,
      [claim.id, claim.fence, leaseSeconds],
    );
    if (rowCount === 0) return lose();
    renewedAt = Math.max(renewedAt, askedAt);
  }
  function stop() {
    isStopped = true;
    clearInterval(timer);
  }
  function lose() {
    if (isStopped) return;
    stop();
    onLost(new StaleLease(claim.id));
  }
  return { stop };
}
