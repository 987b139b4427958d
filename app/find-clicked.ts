import { z } from "zod";
import type { Database } from "../shared/db.ts";

/** The execution that a click on GitHub is about, and the issue or pull request where its answer belongs. */
export type Clicked = { execution: string; place: number };

/** The execution that a check run tells of, by what the worker wrote into it. */
export async function executionOfCheckRun(
  { prisma }: Database,
  { repository, externalId }: { repository: number; externalId: string },
): Promise<Clicked | undefined> {
  if (!z.uuid().safeParse(externalId).success) return undefined;
  const row = await prisma.workflowExecution.findFirst({
    where: { id: externalId, repositoryId: repository },
  });
  return row ? { execution: row.id, place: row.issueNumber } : undefined;
}

/** The executions with a check run on a commit that can be tried again: of each issue's, the newest. */
export async function retryable(
  { pool }: Database,
  { repository, sha }: { repository: number; sha: string },
): Promise<Clicked[]> {
  const { rows } = await pool.query<Clicked & { status: string }>(
    `SELECT DISTINCT ON (issue_number, slot) id AS execution, issue_number AS place, status FROM workflow_executions
      WHERE repository_id = $1 AND check_run_sha = $2 ORDER BY issue_number, slot, created_at DESC`,
    [repository, sha],
  );
  return rows
    .filter(({ status }) => ["failed", "cancelled"].includes(status))
    .map(({ execution, place }) => ({ execution, place }));
}
