// Which executions worked on an issue or a pull request.
import type { Pool } from "pg";

/** They only tell of the others. */
export const tellers = ["why", "explain"];

/**
 * The ids of the executions about an issue or a pull request, the newest first: those that were started there, and on a
 * pull request the one that opened it. The audit knows that call; what people write into a pull request proves nothing.
 */
export async function executionsAbout(
  pool: Pool,
  { repository, number }: { repository: number; number: number },
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT e.id FROM workflow_executions e JOIN workflows w ON w.id = e.workflow_id
      WHERE e.repository_id = $1 AND NOT (w.origin = 'afu9' AND w.name = ANY($4))
        AND (e.issue_number = $2 OR EXISTS (
          SELECT FROM mcp_tool_calls c
           WHERE c.execution_id = e.id AND c.server = 'github' AND c.tool = 'createPullRequest'
             AND c.error IS NULL AND c.result->>'number' = $3))
      ORDER BY e.created_at DESC`,
    [repository, number, String(number), tellers],
  );
  return rows.map(({ id }) => id);
}
