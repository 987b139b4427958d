import type { Pool } from "pg";

export type ListedExecution = {
  id: string;
  status: string;
  repository: string;
  number: number;
  workflow: string;
  createdAt: Date;
  ageMs: number;
  /** Of one that has begun: until its end, or until now. */
  durationMs: number | null;
  costUsd: number;
  wish: string | null;
  error: string | null;
  /** The step that runs or waits, and the event it waits for. */
  step: string | null;
  event: string | null;
};

export type ExecutionFilter = { status?: string; repo?: string; limit: number };

/** The newest executions first. */
export async function listExecutions(
  pool: Pool,
  { status, repo, limit }: ExecutionFilter,
): Promise<ListedExecution[]> {
  const { rows } = await pool.query<ListedExecution>(
    `SELECT e.id, e.status, e.wish, e.error, e.issue_number AS number, e.created_at AS "createdAt",
            r.owner || '/' || r.name AS repository, w.name AS workflow,
            ${milliseconds("now() - e.created_at")} AS "ageMs",
            ${milliseconds("coalesce(e.finished_at, now()) - e.started_at")} AS "durationMs",
            (SELECT coalesce(sum(cost_usd), 0)::float8 FROM agent_runs a WHERE a.execution_id = e.id) AS "costUsd",
            at.step_id AS step, wa.event
       FROM (SELECT e.* FROM workflow_executions e JOIN repositories r ON r.id = e.repository_id
              WHERE ($1::execution_status IS NULL OR e.status = $1)
                AND ($2::text IS NULL OR lower(r.owner || '/' || r.name) = lower($2))
              ORDER BY e.created_at DESC, e.id DESC LIMIT $3) e
       JOIN repositories r ON r.id = e.repository_id
       JOIN workflows w ON w.id = e.workflow_id
       LEFT JOIN LATERAL (SELECT step_id FROM workflow_steps s
                           WHERE s.execution_id = e.id AND s.status IN ('running', 'waiting') AND e.finished_at IS NULL
                           ORDER BY position DESC LIMIT 1) at ON true
       LEFT JOIN waits wa ON wa.execution_id = e.id AND wa.step_id = at.step_id AND wa.round = e.round
      ORDER BY e.created_at DESC, e.id DESC`,
    [status, repo, limit],
  );
  return rows;
}

/** SQL: an interval in ms. */
export function milliseconds(interval: string): string {
  return `round(extract(epoch FROM ${interval}) * 1000)::float8`;
}
