import type { Database } from "../../shared/db.ts";
import type { Logger } from "../../shared/logger.ts";
import type { Queues } from "../../shared/queue.ts";

/** Why an execution has ended, by the state of its repository. */
const unreachable = {
  removed: "The App was removed from this repository. Install it there again, then type `/afu9 retry`.",
  suspended: "The App's installation was suspended. Once it may act again, type `/afu9 retry`.",
  archived: "The repository was archived, which makes it read-only. Unarchive it, then type `/afu9 retry`.",
};

type Where = { installation: number } | { repository: number };
type Deps = { db: Database; queues: Pick<Queues, "nudge">; log: Logger };

/**
 * Ends the executions of repositories where the App may not work any more, as a person's cancelling does: what was never
 * begun has ended at once; of the others a worker removes the checkout first. On GitHub nothing is said of it.
 */
export async function endUnreachable(where: Where, { db, queues, log }: Deps): Promise<void> {
  const { rows } = await db.pool.query<{ id: string }>(
    `UPDATE workflow_executions e
        SET status = CASE WHEN fence = 0 THEN 'cancelled' ELSE e.status END,
            finished_at = CASE WHEN fence = 0 THEN now() END,
            due_at = CASE WHEN fence = 0 THEN NULL ELSE now() END,
            wish = CASE WHEN fence = 0 THEN NULL ELSE 'cancel'::execution_wish END,
            error = $2::jsonb ->> r.state::text, revision = revision + 1
       FROM repositories r
      WHERE r.id = e.repository_id AND r.state <> 'active'
        AND ${"installation" in where ? "r.installation_id" : "r.id"} = $1
        AND e.status NOT IN ('succeeded', 'failed', 'cancelled') AND e.wish IS DISTINCT FROM 'cancel'
      RETURNING e.id`,
    ["installation" in where ? where.installation : where.repository, JSON.stringify(unreachable)],
  );
  for (const { id } of rows) await queues.nudge("controls", id, { hurry: true });
  if (rows.length > 0) log.info({ ...where, executions: rows.length }, "executions ended with their access");
}
