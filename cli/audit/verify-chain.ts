// Recomputes the hash chain of an execution's tool calls from what the database holds.
import type { PoolClient } from "pg";
import { type AuditedCall, chainStart, hashOf } from "../../worker/tools/audit.ts";

export type AuditRow = AuditedCall & {
  sequence: number;
  durationMs: number;
  prevHash: string;
  hash: string;
};

/** The first row that does not fit, and what of it. */
export type Break = {
  sequence: number;
  tool: string;
  differs: "gap" | "prev_hash" | "hash" | "duration_ms" | "end";
  what: string;
};
/** `calls` are the rows before the break. */
export type Chain = { execution: string; calls: number; lastHash: string; broken?: Break };

/** Arguments and results are at most 64 KiB each. */
const pageSize = 100;

/** Reads an execution's rows in their order and gives the first break, if there is one. */
export async function verifyChain(client: PoolClient, execution: string): Promise<Chain> {
  let before = { sequence: 0, hash: chainStart };
  while (true) {
    const rows = await readPage(client, execution, before.sequence);
    for (const row of rows) {
      const broken = breakOf(row, before, execution);
      if (broken) return { execution, calls: before.sequence, lastHash: before.hash, broken };
      before = row;
    }
    if (rows.length < pageSize) return { execution, calls: before.sequence, lastHash: before.hash };
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

type Link = { sequence: number; hash: string };

/** What is wrong with a row that follows another one. */
export function breakOf(row: AuditRow, before: Link, execution: string): Break | undefined {
  const { sequence, durationMs, prevHash, hash, ...call } = row;
  const at = { sequence, tool: `${call.server}.${call.tool}` };
  const missing = sequence - before.sequence - 1;
  if (missing !== 0)
    return {
      ...at,
      differs: "gap",
      what: `${missing === 1 ? "the row" : `${missing} rows`} before it removed`,
    };
  if (prevHash !== before.hash)
    return {
      ...at,
      differs: "prev_hash",
      what: "it does not follow the row before it: one of both was changed",
    };
  if (hash !== hashOf(prevHash, { ...call, execution, sequence }))
    return { ...at, differs: "hash", what: "its content was changed" };
  // The hash covers both times, and this is their difference.
  if (durationMs !== call.completedAt.getTime() - call.startedAt.getTime())
    return { ...at, differs: "duration_ms", what: "its duration is not the difference of its times" };
  return undefined;
}
