// What an execution has done, row by row. A step is saved before the next one begins, and a saved step is never
// run again. Each statement carries the fence, in the same statement that writes: a stale worker writes nothing.
import type { Pool } from "pg";
import { z } from "zod";
import { storableText } from "../../shared/storable-text.ts";
import { type Claim, StaleLease } from "./lease.ts";
import { storable } from "./storable.ts";

const SavedStep = z.object({
  stepId: z.string(),
  status: z.enum(["running", "succeeded", "failed", "skipped"]),
  output: z.unknown(),
  error: z.string().nullable(),
});
export type SavedStep = z.infer<typeof SavedStep>;

export type StepOutcome =
  | { status: "succeeded" | "skipped"; output?: unknown }
  | { status: "failed"; error: string };

export type Journal = {
  savedSteps(): Promise<SavedStep[]>;
  /** Writes that a step begins. For a step that was begun before and not ended, nothing changes. */
  begin(step: { id: string; position: number; input: unknown }): Promise<void>;
  finish(step: { id: string; position: number }, outcome: StepOutcome): Promise<void>;
  /** Writes the end. It is not told to `onChange`: the end is reported at once, by who writes it. */
  finishExecution(status: "succeeded" | "failed", error?: string): Promise<void>;
};

/** Takes the execution's row when the fence is still ours, and counts the change that a report will show. */
const changed =
  "WITH held AS (UPDATE workflow_executions SET revision = revision + 1 WHERE id = $1 AND fence = $2 RETURNING id, created_at)";
const month = "date_trunc('month', created_at AT TIME ZONE 'UTC')::date";

export function openJournal(pool: Pool, claim: Claim, onChange: () => void): Journal {
  async function write(sql: string, values: unknown[]): Promise<void> {
    const { rowCount } = await pool.query(`${changed} ${sql}`, [claim.id, claim.fence, ...values]);
    if (!rowCount) throw new StaleLease(claim.id);
    onChange();
  }

  return {
    async savedSteps() {
      const { rows } = await pool.query(
        `SELECT step_id AS "stepId", status, output, error FROM workflow_steps WHERE execution_id = $1 ORDER BY position`,
        [claim.id],
      );
      return z.array(SavedStep).parse(rows);
    },
    async begin({ id, position, input }) {
      await write(
        `INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status, input)
         SELECT ${month}, id, $3, 1, $4, 'running', $5 FROM held
         ON CONFLICT (execution_month, execution_id, step_id, attempt) DO UPDATE SET input = excluded.input`,
        [id, position, storable(input)],
      );
    },
    async finish({ id, position }, outcome) {
      const output = outcome.status === "failed" ? undefined : outcome.output;
      const error = outcome.status === "failed" ? storableText(outcome.error) : undefined;
      await write(
        `INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status, output, error, finished_at, duration_ms)
         SELECT ${month}, id, $3, 1, $4, $5::step_status, $6, $7, now(), 0 FROM held
         ON CONFLICT (execution_month, execution_id, step_id, attempt) DO UPDATE
            SET status = excluded.status, output = excluded.output, error = excluded.error, finished_at = now(),
                duration_ms = extract(epoch FROM now() - workflow_steps.started_at) * 1000`,
        [id, position, outcome.status, storable(output), error],
      );
    },
    async finishExecution(status, error) {
      const { rowCount } = await pool.query(
        `UPDATE workflow_executions
            SET status = $3::execution_status, error = $4, finished_at = now(), lease_until = NULL, revision = revision + 1
          WHERE id = $1 AND fence = $2`,
        [claim.id, claim.fence, status, error && storableText(error)],
      );
      if (!rowCount) throw new StaleLease(claim.id);
    },
  };
}
