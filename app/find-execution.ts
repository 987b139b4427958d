import type { Database } from "../shared/db.ts";
import { Refusal } from "../shared/errors.ts";
import type { Call } from "./commands/command.ts";
import { nothingHasRun } from "./replies.ts";

/**
 * The execution that a command on an issue or a pull request means: on a pull request the one that opened it, otherwise
 * the one of that number that has not ended, or the newest. Throws a `Refusal` when there is none.
 */
export async function executionOf({ context, deps: { db } }: Call): Promise<string> {
  const { repository, issue } = context.payload;
  const opener = issue.pull_request && (await openerOf(db, repository.id, issue.number));
  const id = opener ?? (await latestOf(db, repository.id, issue.number));
  if (!id) throw new Refusal(nothingHasRun());
  return id;
}

async function latestOf({ prisma }: Database, repositoryId: number, issueNumber: number) {
  const row = await prisma.workflowExecution.findFirst({
    where: { repositoryId, issueNumber },
    orderBy: [{ finishedAt: { sort: "desc", nulls: "first" } }, { createdAt: "desc" }],
    select: { id: true },
  });
  return row?.id;
}

/** The audit knows which call opened it. What the pull request's text says can be changed by whoever may write there. */
async function openerOf({ pool }: Database, repository: number, number: number): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT e.id FROM workflow_executions e JOIN mcp_tool_calls c ON c.execution_id = e.id
      WHERE e.repository_id = $1 AND c.server = 'github' AND c.tool = 'createPullRequest'
        AND c.error IS NULL AND c.result->>'number' = $2
      ORDER BY c.completed_at DESC LIMIT 1`,
    [repository, String(number)],
  );
  return rows[0]?.id;
}
