// What an execution has done, row by row. A step is saved before the next one begins, and a saved step is never
// run again. Each statement carries the fence, in the same statement that writes: a stale worker writes nothing.
import type { Pool } from "pg";
import { z } from "zod";
import { storableText } from "../../shared/storable-text.ts";
import { type Audit, audited } from "../tools/audit.ts";
import { kept, recalled } from "./artifacts.ts";
import type { Claim } from "./claim.ts";
import { StaleLease } from "./lease.ts";

const SavedStep = z.object({
  stepId: z.string(),
  attempt: z.number(),
  /** The attempt that began the present round of automatic ones: the first of all, or a person's retry. */
  firstAttempt: z.number(),
  status: z.enum(["pending", "running", "waiting", "succeeded", "failed", "skipped", "cancelled"]),
  output: z.unknown(),
  error: z.string().nullable(),
  /** How long a pending attempt has to wait yet, by the database's clock. */
  waitMs: z.coerce.number(),
});
export type SavedStep = z.infer<typeof SavedStep>;

export type StepOutcome =
  | { status: "succeeded" | "skipped"; output?: unknown }
  | { status: "failed" | "cancelled"; error: string; output?: unknown };

/** One attempt at one step. */
export type StepAttempt = { id: string; position: number; attempt: number };

/** How an execution is left: at its end, or until it is due again. */
export type Ending =
  | { status: "succeeded" }
  | { status: "failed" | "cancelled"; error: string }
  | { status: "waiting"; waitMs: number }
  /** By a person, or until one has decided what the reason asks for. */
  | { status: "paused"; reason?: string };

export type Journal = {
  /** The latest attempt at each step that was begun. */
  savedSteps(): Promise<SavedStep[]>;
  /** Writes that an attempt begins, or that it waits. For one that was begun before, the input is written anew. */
  begin(step: StepAttempt, input: unknown, status?: "running" | "waiting"): Promise<void>;
  /**
   * Writes what an attempt came to. Gives the output as the row holds it (PostgreSQL orders keys in its own way): the
   * steps after it see the same bytes, whether or not another worker has taken over in between.
   */
  finish(step: StepAttempt, outcome: StepOutcome, durationMs: number): Promise<unknown>;
  /** Writes that an attempt has failed and that another one follows after a while. */
  retryLater(step: StepAttempt, error: string, waitMs: number): Promise<void>;
  /** Lets go of the execution. It is not told to `onChange`: it is reported at once, by who writes it. */
  leave(ending: Ending): Promise<void>;
};

/** Takes the execution's row when the fence is still ours, and counts the change that a report will show. */
const begun =
  "WITH held AS (UPDATE workflow_executions SET revision = revision + 1 WHERE id = $1 AND fence = $2 RETURNING id, created_at)";
/** The same for what brings the execution further: the faults before it are forgotten. */
const advanced =
  "WITH held AS (UPDATE workflow_executions SET revision = revision + 1, faults = 0 WHERE id = $1 AND fence = $2 RETURNING id, created_at)";
const month = "date_trunc('month', created_at AT TIME ZONE 'UTC')::date";
const key = "(execution_month, execution_id, step_id, attempt)";

export type Saving = {
  /** Is told of each change that a report shows. */
  onChange(): void;
  /** Rows of tool calls that are written with what is saved. */
  audit?: Pick<Audit, "saving">;
};

/** For what makes no calls of its own. */
export const nothingElse: Pick<Audit, "saving"> = { saving: (save) => save(null) };

export function openJournal(pool: Pool, claim: Claim, { onChange, audit = nothingElse }: Saving): Journal {
  async function write(
    name: string,
    sql: string,
    values: unknown[],
  ): Promise<{ output?: unknown } | undefined> {
    const { rows, rowCount } = await audit.saving((calls) =>
      pool.query({ name, text: sql, values: [claim.id, claim.fence, ...values, calls] }),
    );
    if (!rowCount) throw new StaleLease(claim.id);
    onChange();
    return rows[0];
  }

  return {
    async savedSteps() {
      const { rows } = await pool.query(
        `SELECT DISTINCT ON (step_id) step_id AS "stepId", attempt, status, output, error,
                coalesce(max(attempt) FILTER (WHERE retry_at IS NULL) OVER (PARTITION BY step_id), 1) AS "firstAttempt",
                coalesce(extract(epoch FROM retry_at - now()) * 1000, 0) AS "waitMs"
           FROM workflow_steps WHERE execution_id = $1 ORDER BY step_id, attempt DESC`,
        [claim.id],
      );
      const saved = z.array(SavedStep).parse(rows);
      return Promise.all(
        saved.map(async (step) => ({ ...step, output: await recalled(pool, claim.id, step.output) })),
      );
    },
    async begin({ id, position, attempt }, input, status = "running") {
      await write(
        "begin-step",
        `${begun}, ${audited("$8")}
         INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status, input)
         SELECT ${month}, id, $3, $4, $5, $6::step_status, $7 FROM held
         ON CONFLICT ${key} DO UPDATE SET input = excluded.input, status = excluded.status,
            started_at = CASE WHEN workflow_steps.status = 'pending' THEN now() ELSE workflow_steps.started_at END`,
        [id, attempt, position, status, await kept(pool, claim, input)],
      );
    },
    async finish({ id, position, attempt }, outcome, durationMs) {
      const output = "output" in outcome ? await kept(pool, claim, outcome.output) : null;
      const error = "error" in outcome ? storableText(outcome.error) : null;
      const row = await write(
        "finish-step",
        `${advanced}, ${audited("$10")}
         INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status, output, error,
                                     started_at, finished_at, duration_ms)
         SELECT ${month}, id, $3, $4, $5, $6::step_status, $7, $8, now() - make_interval(secs => $9 / 1000.0), now(), $9
           FROM held
         ON CONFLICT ${key} DO UPDATE
            SET status = excluded.status, output = excluded.output, error = excluded.error, finished_at = now(),
                duration_ms = CASE WHEN workflow_steps.status = 'pending' THEN excluded.duration_ms
                                   ELSE extract(epoch FROM now() - workflow_steps.started_at) * 1000 END
         RETURNING output`,
        [id, attempt, position, outcome.status, output, error, Math.round(durationMs)],
      );
      return recalled(pool, claim.id, row?.output);
    },
    async retryLater({ id, position, attempt }, error, waitMs) {
      await write(
        "retry-step",
        `${advanced}, ${audited("$8")}, failed AS (
           INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status, error, finished_at, duration_ms)
           SELECT ${month}, id, $3, $4, $5, 'failed', $6, now(), 0 FROM held
           ON CONFLICT ${key} DO UPDATE SET status = 'failed', error = excluded.error, finished_at = now(),
              duration_ms = extract(epoch FROM now() - workflow_steps.started_at) * 1000
         )
         INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status, retry_at)
         SELECT ${month}, id, $3, $4 + 1, $5, 'pending', now() + make_interval(secs => $7 / 1000.0) FROM held
         ON CONFLICT ${key} DO NOTHING`,
        [id, attempt, position, storableText(error), waitMs],
      );
    },
    async leave(ending) {
      const hasEnded = ending.status !== "waiting" && ending.status !== "paused";
      const waitMs = ending.status === "waiting" ? Math.max(0, ending.waitMs) : 0;
      // What made it due since it was claimed (an event, a decision, a wish) is not to be overlooked, also by one that
      // would wait for a person's decision, and a pause that was taken back before it was obeyed is none.
      const { rowCount } = await pool.query(
        `WITH row AS (
           SELECT id, $4::boolean AS ends, $3 = 'paused' AND coalesce(wish = 'pause', $8 AND wish IS NULL AND due_at = $7) AS pauses,
                  $3 = 'paused' OR wish IS NOT NULL OR due_at <> $7 AS is_due
             FROM workflow_executions WHERE id = $1 AND fence = $2 FOR UPDATE
         ), obeyed AS (
           UPDATE execution_controls c SET obeyed_at = now() FROM row
            WHERE c.execution_id = row.id AND obeyed_at IS NULL AND kind <> 'steer' AND (ends OR pauses)
         )
         UPDATE workflow_executions e
            SET status = CASE WHEN $3 = 'paused' AND NOT pauses THEN 'queued' ELSE $3::execution_status END,
                error = CASE WHEN NOT ends AND wish = 'cancel' THEN error ELSE $5 END, lease_until = NULL, revision = revision + 1, finished_at = CASE WHEN ends THEN now() END,
                due_at = CASE WHEN ends OR pauses THEN NULL WHEN is_due THEN now()
                              ELSE now() + make_interval(secs => $6 / 1000.0) END,
                wish = CASE WHEN ends OR pauses THEN NULL ELSE wish END
           FROM row WHERE e.id = row.id`,
        [
          claim.id,
          claim.fence,
          ending.status,
          hasEnded,
          reasonOf(ending),
          waitMs,
          claim.dueAt,
          ending.status === "paused" && ending.reason !== undefined,
        ],
      );
      if (!rowCount) throw new StaleLease(claim.id);
    },
  };
}

function reasonOf(ending: Ending): string | null {
  if ("error" in ending) return storableText(ending.error);
  return "reason" in ending && ending.reason !== undefined ? storableText(ending.reason) : null;
}
