import type { AppDeps } from "./deps.ts";

/** `by`: what started it. */
type Unbegun = { repository: number; issue: number; workflow: string; by: "label" | "assignment" };

/** Cancels what a mark started on an issue and no worker has begun. Gives the executions; one that has begun stays as it is. */
export async function cancelUnbegun(
  { repository, issue, workflow, by }: Unbegun,
  { who, what, delivery }: { who: string; what: string; delivery: string },
  { db, queues }: Pick<AppDeps, "db" | "queues">,
): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    `WITH cancelled AS (
       UPDATE workflow_executions e
          SET status = 'cancelled', error = $4, finished_at = now(), due_at = NULL, wish = NULL, revision = revision + 1
         FROM workflows w
        WHERE w.id = e.workflow_id AND w.name = $3 AND e.repository_id = $1 AND e.issue_number = $2
          AND e.trigger->>'kind' = $7 AND e.fence = 0 AND e.finished_at IS NULL
       RETURNING e.id
     )
     INSERT INTO execution_controls (id, execution_id, kind, text, requested_by, delivery_id, obeyed_at)
     SELECT gen_random_uuid(), id, 'cancel', '', $5, $6, now() FROM cancelled
     ON CONFLICT (delivery_id) DO NOTHING RETURNING execution_id AS id`,
    [repository, issue, workflow, `${who} took ${what} away before it began.`, who, delivery, by],
  );
  // Its report is all there is to do.
  for (const { id } of rows) await queues.nudge("controls", id, { hurry: true });
  return rows.map(({ id }) => id);
}
