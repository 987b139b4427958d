// What the rows tell an agent: which repository it works in, and what became of earlier attempts at the same issue.
import type { Pool } from "pg";
import { z } from "zod";
import type { Trigger } from "../../shared/trigger.ts";
import type { Claim } from "../engine/claim.ts";

const Attempt = z.object({
  createdAt: z.coerce.date(),
  workflow: z.string(),
  status: z.string(),
  /** Why it ended early, such as the output of a failed verification. */
  error: z.string().nullable(),
  /** The number of the pull request that it opened. */
  pullRequest: z.coerce.number().nullable(),
});
export type Attempt = z.infer<typeof Attempt>;

export type Background = {
  repository: Trigger["repository"];
  /** The executions on the same issue that came before this one and have ended, the latest five, the oldest first. */
  earlierAttempts(): Promise<Attempt[]>;
};

const maxAttempts = 5;

const select = `
  SELECT e.created_at AS "createdAt", w.name AS workflow, e.status, e.error,
         (SELECT c.result->>'number' FROM mcp_tool_calls c
           WHERE c.execution_id = e.id AND c.server = 'github' AND c.tool = 'createPullRequest' AND c.error IS NULL
           ORDER BY c.sequence DESC LIMIT 1) AS "pullRequest"
    FROM workflow_executions mine
    JOIN workflow_executions e ON e.repository_id = mine.repository_id AND e.issue_number = mine.issue_number
     AND e.created_at < mine.created_at AND e.finished_at IS NOT NULL
    JOIN workflows w ON w.id = e.workflow_id
   WHERE mine.id = $1 ORDER BY e.created_at DESC LIMIT ${maxAttempts}`;

export function createBackground(pool: Pool, { id, trigger }: Pick<Claim, "id" | "trigger">): Background {
  return {
    repository: trigger.repository,
    async earlierAttempts() {
      const { rows } = await pool.query(select, [id]);
      return z.array(Attempt).parse(rows).reverse();
    },
  };
}
