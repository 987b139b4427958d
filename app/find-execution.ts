import type { Database } from "../shared/db.ts";
import { Refusal } from "../shared/errors.ts";
import type { Call } from "./commands/command.ts";
import { nothingHasRun } from "./replies/history.ts";

/**
 * The execution that a command on an issue or a pull request means. One that has not ended comes before those that have,
 * one that changes something before those that only read, and then the newest. On a pull request the one that opened it
 * counts too. Throws a `Refusal` when there is none.
 */
export async function executionOf({ context, deps: { db } }: Call): Promise<string> {
  const { repository, issue } = context.payload;
  const opener = issue.pull_request && (await openerOf(db, repository.id, issue.number));
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT id FROM workflow_executions
      WHERE repository_id = $1 AND (issue_number = $2 OR id = $3)
      ORDER BY finished_at IS NULL DESC, slot = 'change' DESC, created_at DESC LIMIT 1`,
    [repository.id, issue.number, opener],
  );
  if (!rows[0]) throw new Refusal(nothingHasRun());
  return rows[0].id;
}

/**
 * The execution that opened a pull request. The audit knows which call it was. What the pull request's text says can be
 * changed by whoever may write there.
 */
export async function openerOf(
  { pool }: Database,
  repository: number,
  number: number,
): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT e.id FROM workflow_executions e JOIN mcp_tool_calls c ON c.execution_id = e.id
      WHERE e.repository_id = $1 AND c.server = 'github' AND c.tool = 'createPullRequest'
        AND c.error IS NULL AND c.result->>'number' = $2
      ORDER BY c.completed_at DESC LIMIT 1`,
    [repository, String(number)],
  );
  return rows[0]?.id;
}
