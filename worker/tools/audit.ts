// Every tool call is a row in a hash chain of its execution: changing or removing one breaks the chain.
import { createHash } from "node:crypto";
import type { Pool } from "pg";
import type { Redact } from "../../shared/redact.ts";
import { storableText } from "../../shared/storable-text.ts";
import type { Claim } from "../engine/claim.ts";
import { held, StaleLease } from "../engine/lease.ts";
import { storable } from "../engine/storable.ts";

export type AuditedCall = {
  stepId: string;
  server: string;
  tool: string;
  arguments: unknown;
  result: unknown;
  error: string | null;
  startedAt: Date;
  completedAt: Date;
};

/** What a row's hash covers, besides the hash of the row before. */
export type HashedRow = AuditedCall & { execution: string; sequence: number };

export type Audit = { record(call: AuditedCall): Promise<void> };

type Link = { sequence: number; hash: string };

/** What is kept of arguments and results in full. Larger ones are kept as their size and hash. */
const maxKept = 64 * 1024;
/** What the first row of a chain has as the hash before it. */
export const chainStart = "0".repeat(64);

/**
 * Writes a row, and does not wait until it is on the disk. What is written after it (the step's output, the agent's
 * transcript) waits, and PostgreSQL's log is written in its order: so no result of a call is ever kept without its row.
 */
const insert = `
  WITH ${held}, soon AS (SELECT set_config('synchronous_commit', 'off', true))
  INSERT INTO mcp_tool_calls (id, execution_id, sequence, step_id, server, tool, arguments, result, error,
                              started_at, completed_at, duration_ms, prev_hash, hash)
  SELECT gen_random_uuid(), id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 FROM held, soon`;

export type AuditOptions = { redact: Redact; onChange(): void };

/** Appends to an execution's chain. Secrets are taken out of what is kept. */
export function openAudit(
  pool: Pool,
  claim: Pick<Claim, "id" | "fence">,
  { redact, onChange }: AuditOptions,
): Audit {
  let last: Promise<Link> | undefined;

  async function append(call: AuditedCall, before: Link): Promise<Link> {
    const sequence = before.sequence + 1;
    const prevHash = before.hash;
    const row = {
      ...call,
      arguments: abridged(redact.value(call.arguments)),
      result: abridged(redact.value(call.result)),
      error: call.error && redact.text(call.error),
    };
    const hash = hashOf(prevHash, { ...row, execution: claim.id, sequence });
    const { rowCount } = await pool.query({
      name: "audit",
      text: insert,
      values: [
        claim.id,
        claim.fence,
        sequence,
        row.stepId,
        row.server,
        row.tool,
        storable(row.arguments),
        storable(row.result),
        row.error && storableText(row.error),
        row.startedAt,
        row.completedAt,
        row.completedAt.getTime() - row.startedAt.getTime(),
        prevHash,
        hash,
      ],
    });
    if (!rowCount) throw new StaleLease(claim.id);
    onChange();
    return { sequence, hash };
  }

  return {
    async record(call) {
      // One after the other, also when calls end at the same time: each row holds the hash of the one before.
      last = (last ?? lastOf(pool, claim.id)).then((before) => append(call, before));
      await last;
    },
  };
}

async function lastOf(pool: Pool, execution: string): Promise<Link> {
  const { rows } = await pool.query<Link>(
    "SELECT sequence, hash FROM mcp_tool_calls WHERE execution_id = $1 ORDER BY sequence DESC LIMIT 1",
    [execution],
  );
  return rows[0] ?? { sequence: 0, hash: chainStart };
}

/** The hash of a row: SHA-256 over the hash before it and the row's text. */
export function hashOf(prevHash: string, row: HashedRow): string {
  return createHash("sha256").update(prevHash).update(hashedText(row)).digest("hex");
}

/** The text of a row that is hashed: JSON with sorted keys, as the database gives it back. */
export function hashedText({ execution, sequence, ...call }: HashedRow): string {
  const { stepId, server, tool, arguments: input, result, error, startedAt, completedAt } = call;
  const row = { execution, sequence, stepId, server, tool, result, error, startedAt, completedAt };
  return sortedJson({ ...row, arguments: input });
}

/** SHA-256 of a value, whatever the order of its keys. */
export function sortedHash(value: unknown): string {
  return createHash("sha256").update(sortedJson(value)).digest("hex");
}

/** `jsonb` can't hold every text, and keeps the last of keys that became the same: what is hashed is what it holds. */
function sortedJson(value: unknown): string {
  return JSON.stringify(withSortedKeys(JSON.parse(storable(value) ?? "null")));
}

function withSortedKeys(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(withSortedKeys);
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, item]) => [key, withSortedKeys(item)]));
}

/** A value as a row keeps it: one of over 64 kB as its size and hash. */
export function abridged(value: unknown): unknown {
  const json = JSON.stringify(value ?? null);
  if (json.length <= maxKept) return value ?? null;
  return {
    abridged: true,
    bytes: Buffer.byteLength(json),
    sha256: createHash("sha256").update(json).digest("hex"),
  };
}
