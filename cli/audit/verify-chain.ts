// Recomputes the hash chain of an execution's tool calls from what the database holds.
import type { PoolClient } from "pg";
import { chainStart, hashOf } from "../../worker/tools/audit.ts";
import { type AuditRow, readRows } from "./read-rows.ts";

/** The first row that does not fit, and what of it. */
export type Break = {
  sequence: number;
  tool: string;
  differs: "gap" | "prev_hash" | "hash" | "duration_ms" | "end";
  what: string;
};
/** `calls` are the rows before the break. */
export type Chain = { execution: string; calls: number; lastHash: string; broken?: Break };

/** Reads an execution's rows in their order and gives the first break, if there is one. */
export async function verifyChain(client: PoolClient, execution: string): Promise<Chain> {
  let before = { sequence: 0, hash: chainStart };
  for await (const row of readRows(client, execution)) {
    const broken = breakOf(row, before, execution);
    if (broken) return { execution, calls: before.sequence, lastHash: before.hash, broken };
    before = row;
  }
  return { execution, calls: before.sequence, lastHash: before.hash };
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
