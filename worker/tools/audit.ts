// Every tool call is a row in a hash chain of its execution: changing or removing one breaks the chain.
import { createHash } from "node:crypto";
import type { Pool } from "pg";
import type { Redact } from "../../shared/redact.ts";
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

export type Audit = {
  /** Notes a call. Its row is written with what is saved next. */
  record(call: AuditedCall): Promise<void>;
  /**
   * Saves something, and with it, in the same statement, the rows that are not written yet (as JSON for `audited`; null
   * when there are none). So no result of a call is ever kept without its row, and the row costs no round trip.
   */
  saving<T>(save: (rows: string | null) => Promise<T>): Promise<T>;
  /** Writes the rows that nothing was saved after. */
  flush(): Promise<void>;
};

type Link = { sequence: number; hash: string };

/** What is kept of arguments and results in full. Larger ones are kept as their size and hash. */
const maxKept = 64 * 1024;
/** What the first row of a chain has as the hash before it. */
export const chainStart = "0".repeat(64);

const columns = {
  sequence: "int",
  step_id: "text",
  server: "text",
  tool: "text",
  arguments: "jsonb",
  result: "jsonb",
  error: "text",
  started_at: "timestamptz",
  completed_at: "timestamptz",
  duration_ms: "int",
  prev_hash: "text",
  hash: "text",
};
type Row = Record<keyof typeof columns, unknown>;

/** SQL, `audited AS (…)`, for a statement that has `held`: writes the rows that a parameter holds as JSON. */
export function audited(parameter: string): string {
  const names = Object.keys(columns);
  const types = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  return `audited AS (
    INSERT INTO mcp_tool_calls (id, execution_id, ${names.join(", ")})
    SELECT gen_random_uuid(), held.id, ${names.map((name) => `r.${name}`).join(", ")}
      FROM held, jsonb_to_recordset(${parameter}::jsonb) AS r (${types.join(", ")}))`;
}

/** Appends to an execution's chain. Secrets are taken out of what is kept. */
export function openAudit(pool: Pool, claim: Pick<Claim, "id" | "fence">, redact: Redact): Audit {
  let last: Link | undefined;
  let asked: Promise<Link> | undefined;
  let unwritten: Row[] = [];

  function append(call: AuditedCall, before: Link): Link {
    const sequence = before.sequence + 1;
    const prevHash = before.hash;
    const { startedAt, completedAt, stepId, server, tool } = call;
    const kept = {
      arguments: abridged(redact.value(call.arguments)),
      result: abridged(redact.value(call.result)),
      error: call.error && redact.text(call.error),
    };
    const hash = hashOf(prevHash, { ...call, ...kept, execution: claim.id, sequence });
    unwritten.push({
      ...kept,
      ...{ sequence, step_id: stepId, server, tool, started_at: startedAt, completed_at: completedAt },
      ...{ duration_ms: completedAt.getTime() - startedAt.getTime(), prev_hash: prevHash, hash },
    });
    return { sequence, hash };
  }

  const audit: Audit = {
    async record(call) {
      if (!last) {
        asked ??= lastOf(pool, claim.id).finally(() => {
          asked = undefined;
        });
        const found = await asked;
        last ??= found;
      }
      // Nothing is awaited from here on: also of calls that end together, each row holds the hash of the one before.
      last = append(call, last);
    },
    async saving(save) {
      const rows = unwritten;
      unwritten = [];
      try {
        return await save(rows.length > 0 ? storable(rows) : null);
      } catch (error) {
        unwritten = [...rows, ...unwritten];
        throw error;
      }
    },
    async flush() {
      if (unwritten.length === 0) return;
      const sql = `WITH ${held}, ${audited("$3")} SELECT FROM held`;
      const { rowCount } = await audit.saving((rows) => pool.query(sql, [claim.id, claim.fence, rows]));
      if (!rowCount) throw new StaleLease(claim.id);
    },
  };
  return audit;
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
  const stored: unknown = JSON.parse(storable(value) ?? "null", (_key, item: unknown) => {
    if (item === null || typeof item !== "object" || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return JSON.stringify(stored);
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
