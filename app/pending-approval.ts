import type { Database } from "../shared/db.ts";

/** What an execution asks to be approved now. */
export type PendingApproval = {
  id: string;
  hash: string;
  /** Who may decide, as it was written down: to be parsed by `ApprovalRules`. */
  rules: unknown;
  /** The numeric id of the person who started the execution, as text. */
  requester: string;
  /** How many contents this execution has asked for, those that are void or decided included. */
  contents: number;
};

export async function findPending(
  { pool }: Pick<Database, "pool">,
  execution: string,
): Promise<PendingApproval | undefined> {
  const { rows } = await pool.query<PendingApproval>(
    `SELECT a.id, a.content_hash AS hash, a.rules, e.trigger->'sender'->>'id' AS requester,
            (SELECT count(DISTINCT content_hash)::int FROM approvals WHERE execution_id = e.id) AS contents
       FROM approvals a JOIN workflow_executions e ON e.id = a.execution_id
      WHERE e.id = $1 AND e.status = 'waiting' AND a.decision IS NULL AND a.round = e.round AND a.expires_at > now()
      ORDER BY a.requested_at DESC LIMIT 1`,
    [execution],
  );
  return rows[0];
}

/** What people type to name a content. */
export function shortHash(hash: string): string {
  return hash.slice(0, 8);
}
