// An output that is too large for its row is kept beside it, by its hash. The row holds the reference alone.
import { createHash } from "node:crypto";
import type { Pool } from "pg";
import { z } from "zod";
import { PermanentFault } from "../../shared/errors.ts";
import type { Claim } from "./claim.ts";
import { held, StaleLease } from "./lease.ts";
import { storable } from "./storable.ts";

const maxInRow = 1024 * 1024;
const maxBytes = 64 * 1024 * 1024;

const Reference = z.strictObject({ $artifact: z.strictObject({ sha256: z.string(), bytes: z.number() }) });

/** A value as the JSON text for its row; a value of over 1 MB is kept as an artifact first. */
export async function kept(pool: Pool, claim: Claim, value: unknown): Promise<string | null> {
  const json = storable(value);
  if (json === null || json.length <= maxInRow) return json;
  const content = Buffer.from(json);
  if (content.length > maxBytes)
    throw new PermanentFault(
      `The output has ${Math.ceil(content.length / 1024 / 1024)} MB, and at most ${maxBytes / 1024 / 1024} MB are kept. Let the step give less.`,
    );
  const sha256 = createHash("sha256").update(content).digest("hex");
  const { rowCount } = await pool.query(
    `WITH ${held} INSERT INTO artifacts (execution_id, sha256, content) SELECT id, $3, $4 FROM held
     ON CONFLICT (execution_id, sha256) DO UPDATE SET sha256 = excluded.sha256`,
    [claim.id, claim.fence, sha256, content],
  );
  if (!rowCount) throw new StaleLease(claim.id);
  return JSON.stringify({ $artifact: { sha256, bytes: content.length } });
}

/** The value that a row stands for. */
export async function recalled(pool: Pool, execution: string, value: unknown): Promise<unknown> {
  const reference = Reference.safeParse(value);
  if (!reference.success) return value;
  const { sha256 } = reference.data.$artifact;
  const { rows } = await pool.query<{ content: Buffer }>(
    "SELECT content FROM artifacts WHERE execution_id = $1 AND sha256 = $2",
    [execution, sha256],
  );
  if (!rows[0]) throw new PermanentFault(`The artifact ${sha256} of the execution ${execution} is gone.`);
  return JSON.parse(rows[0].content.toString("utf8"));
}
