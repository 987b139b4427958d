// Which execution a worker runs next: the row says when it is due, and a lease says that somebody has it.
import type { Pool } from "pg";
import { z } from "zod";
import { currentTrigger, Trigger } from "../../shared/trigger.ts";

/** A lease that is not renewed ends after this time, by the database's clock. */
export const leaseSeconds = 4;
/**
 * After so many faults outside of steps, without coming any further in between, an execution is given up: after about nine
 * minutes of waits. A worker that died with it is such a fault too, for it may be what workers die of. What is given up is
 * cancelled, so that its checkout is removed; when that fails as well, it ends as it is.
 */
export const maxFaults = 10;
const maxFaultsWithCleanup = maxFaults + 3;
const givenUp = `It was given up: ${maxFaults} times in a row it came no further, and its worker ended or lost the lease.`;
/** What workers die of again and again is taken over ever later, up to half a minute, so that others come further meanwhile. */
const abandoned =
  "e.lease_until < now() - make_interval(secs => power(2, least(greatest(e.faults - 3, 0), 5)) - 1)";

const Claimed = z.object({
  id: z.string(),
  fence: z.coerce.bigint(),
  trigger: Trigger,
  source: z.string(),
  workflow: z.string(),
  /** `afu9`, or the repository that the definition comes from. */
  origin: z.string(),
  /** The repository's configuration as it was when the execution began; null before it was read. */
  config: z.unknown(),
  /** Where people reached the app then. */
  publicUrl: z.string().nullable(),
  /** Grows when a person has it tried again. */
  round: z.number(),
  wish: z.enum(["cancel", "pause"]).nullable(),
  /** Of one that is being cancelled: by whom. */
  error: z.string().nullable(),
  faults: z.number(),
  /** When it was claimed. When the row's differs, something has made it due again since. */
  dueAt: z.date(),
});
/** An execution that this worker may run now, with the definition it began with. */
export type Claim = z.infer<typeof Claimed>;

export type Selection = {
  /** This one alone, if it is due. */
  id?: string;
  /** Installations and repositories that have as many executions here as they may have. */
  fullInstallations?: number[];
  fullRepositories?: number[];
};

/**
 * Claims the execution that is due for the longest, of the installation that has the fewest running. Gives undefined
 * when none is due. One that nobody can run ends as failed: its row can't be read, or workers die of it.
 */
export async function claimDue(pool: Pool, selection: Selection = {}): Promise<Claim | undefined> {
  // The column holds whole milliseconds: what is due now may be rounded to a moment later.
  const { id = null, fullInstallations = [], fullRepositories = [] } = selection;
  const { rows } = await pool.query(
    `WITH busy AS (
       SELECT installation_id, count(*) AS running FROM workflow_executions WHERE lease_until > now() GROUP BY 1
     ), next AS (
       SELECT e.id, e.faults + (e.lease_until IS NOT NULL)::int AS faults FROM workflow_executions e LEFT JOIN busy USING (installation_id)
        WHERE e.due_at <= now() + interval '1 ms' AND (e.lease_until IS NULL OR ${abandoned})
          AND e.status NOT IN ('succeeded', 'failed', 'cancelled')
          AND ($2::uuid IS NULL OR e.id = $2) AND e.installation_id <> ALL($3) AND e.repository_id <> ALL($4)
        ORDER BY coalesce(busy.running, 0), e.due_at LIMIT 1 FOR UPDATE OF e SKIP LOCKED
     )
     UPDATE workflow_executions e
        SET fence = fence + 1, lease_until = now() + make_interval(secs => $1), status = 'running',
            faults = next.faults,
            wish = CASE WHEN next.faults >= $5 THEN 'cancel' ELSE wish END,
            error = CASE WHEN next.faults >= $5 AND wish IS DISTINCT FROM 'cancel' THEN $6 ELSE error END,
            due_at = now(), started_at = coalesce(started_at, now()), revision = revision + 1
       FROM workflows w, repositories r, next
      WHERE e.id = next.id AND w.id = e.workflow_id AND r.id = e.repository_id
      RETURNING e.id, e.fence, ${currentTrigger} AS trigger, e.round, e.wish, e.error, e.faults, e.due_at AS "dueAt", e.config, e.public_url AS "publicUrl", w.source, w.name AS workflow, w.origin`,
    [leaseSeconds, id, fullInstallations, fullRepositories, maxFaults, givenUp],
  );
  if (!rows[0]) return undefined;
  const claimed = Claimed.safeParse(rows[0]);
  if (claimed.success && claimed.data.faults < maxFaultsWithCleanup) return claimed.data;
  // Nothing is to be tried again for ever.
  await pool.query(
    `UPDATE workflow_executions
        SET status = 'failed', error = $2, finished_at = now(), lease_until = NULL, due_at = NULL, revision = revision + 1
      WHERE id = $1`,
    [
      z.object({ id: z.string() }).parse(rows[0]).id,
      claimed.success
        ? `${claimed.data.error} It could not be cleaned up either: its checkout may be left.`
        : `The execution's row can't be read: ${z.prettifyError(claimed.error)}`,
    ],
  );
  return claimDue(pool, selection);
}
