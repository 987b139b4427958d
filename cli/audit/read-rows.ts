import type { PoolClient } from "pg";
import type { AuditedCall } from "../../worker/tools/audit.ts";

export type AuditRow = AuditedCall & {
  sequence: number;
  durationMs: number;
  prevHash: string;
  hash: string;
};

/** Arguments and results are at most 64 KiB each. */
const pageSize = 100;

/** Gives the rows of an execution's chain in their order. */
export async function* readRows(client: PoolClient, execution: string): AsyncGenerator<AuditRow> {
  let after = 0;
  while (true) {
    const rows = await readPage(client, execution, after);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = last.sequence;
  }
}

async function readPage(client: PoolClient, execution: string, after: number): Promise<AuditRow[]> {
  const { rows } = await client.query<AuditRow>(
    `SELECT sequence, step_id AS "stepId", server, tool, arguments, result, error, started_at AS "startedAt",
            completed_at AS "completedAt", duration_ms AS "durationMs", prev_hash AS "prevHash", hash
       FROM mcp_tool_calls WHERE execution_id = $1 AND sequence > $2 ORDER BY sequence LIMIT ${pageSize}`,
    [execution, after],
  );
  return rows;
}
