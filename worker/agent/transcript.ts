// The transcript of an agent run: append-only, saved message by message, so that a turn is paid for once.
import { isDeepStrictEqual } from "node:util";
import type { Pool } from "pg";
import { z } from "zod";
import type { Redact } from "../../shared/redact.ts";
import { type Budget, noBudget, settled, warned } from "../engine/budget.ts";
import type { Claim } from "../engine/claim.ts";
import { nothingElse, type Saving } from "../engine/journal.ts";
import { held, StaleLease } from "../engine/lease.ts";
import { storable } from "../engine/storable.ts";
import type { Message, Model, ToolSpec } from "../llm/model.ts";
import { audited } from "../tools/audit.ts";
import { fromKept, toKept } from "./kept-message.ts";
import type { Outcome } from "./stops.ts";

export type Transcript = {
  readonly messages: readonly Message[];
  /** Milliseconds that the agent run has worked, without the time that it was paused. */
  elapsedMs(): number;
  /** Whether people may have said something that is not said here yet: as it was when the last message was saved. */
  isSteered(): boolean;
  /** Saves a message, then it counts as said. */
  say(message: Message): Promise<void>;
  /** Writes how the run ended. One that is opened again has not ended. */
  finish(outcome: Outcome): Promise<void>;
};

export type AgentRun = {
  stepId: string;
  agent: string;
  model: Pick<Model, "provider" | "name">;
  /** What the model is told and given, kept for a replay. */
  system: string;
  tools: ToolSpec[];
};

export type TranscriptStore = {
  /** Opens a step's transcript, with what was said before. */
  open(run: AgentRun): Promise<Transcript>;
  /** What the execution has spent on models so far, in USD. */
  spentUsd(): Promise<number>;
};

/** Saves a message; `turn` is what a turn of the model changes in the run's row, `more` what is written besides. */
const saying = (turn: string, returned: string, more = "") => `
  WITH ${held}, ${more}advanced AS (
    UPDATE workflow_executions SET faults = 0 WHERE id = $1 AND fence = $2 AND faults > 0
  ), said AS (
    INSERT INTO agent_messages (agent_run_id, sequence, message) SELECT $3, $4, $5 FROM held RETURNING agent_run_id, message
  )
  UPDATE agent_runs SET active_ms = $6${turn} FROM said WHERE id = said.agent_run_id
   RETURNING ${returned} EXISTS (
     SELECT FROM execution_controls WHERE execution_id = $1 AND kind = 'steer' AND obeyed_at IS NULL
   ) AS steered`;
const saySomething = saying("", "", `${audited("$7")}, `);
const sayTurn = saying(
  `, turns = turns + 1, input_tokens = input_tokens + $7, output_tokens = output_tokens + $8,
   cache_read_tokens = cache_read_tokens + $9, cache_write_tokens = cache_write_tokens + $10, cost_usd = cost_usd + $11,
   provider = coalesce($12, provider), model = coalesce($13, model)`,
  `said.message, ${warned},`,
  `${settled(14)}, `,
);

type Row = { message: Message; steered: boolean; warned: unknown };
const Opened = z.object({ id: z.string(), activeMs: z.coerce.number() });

export function createTranscriptStore(
  pool: Pool,
  claim: Claim,
  { onChange, audit = nothingElse, budget = noBudget }: Saving & { budget?: Pick<Budget, "saving"> },
): TranscriptStore {
  async function query<T extends object>(sql: string, values: unknown[], name?: string): Promise<T> {
    const { rows, rowCount } = await pool.query<T>({
      name,
      text: sql,
      values: [claim.id, claim.fence, ...values],
    });
    if (!rowCount) throw new StaleLease(claim.id);
    return rows[0] as T;
  }

  return {
    async open({ stepId, agent, model, system, tools }) {
      const row = await query(
        `WITH ${held} INSERT INTO agent_runs (id, execution_id, step_id, round, agent, provider, model, system_prompt, tools)
         SELECT gen_random_uuid(), id, $3, $7, $4, $5, $6, $8, $9 FROM held
         ON CONFLICT (execution_id, step_id, round) DO UPDATE
            SET provider = excluded.provider, model = excluded.model, outcome = NULL, finished_at = NULL
         RETURNING id, active_ms AS "activeMs"`,
        [stepId, agent, model.provider, model.name, claim.round, system, storable(tools)],
      );
      const { id, activeMs } = Opened.parse(row);
      const saved = await pool.query<{ message: Message }>(
        "SELECT message FROM agent_messages WHERE agent_run_id = $1 ORDER BY sequence",
        [id],
      );
      const messages = saved.rows.map(({ message }) => fromKept(message));
      const openedAt = performance.now();
      let isSteered = true;

      const elapsedMs = () => Math.round(activeMs + performance.now() - openedAt);

      return {
        messages,
        elapsedMs,
        isSteered: () => isSteered,
        async say(message) {
          const json = storable(toKept(message)) ?? "";
          const values = [id, messages.length, json, elapsedMs()];
          if (message.role === "assistant") {
            const { input, output, cacheRead, cacheWrite } = message.usage;
            const { provider, model: name } = message.native;
            const by = name ? [provider, name] : [null, null];
            const spent = [input, output, cacheRead, cacheWrite, message.costUsd, ...by];
            const row = await budget.saving((settlement) =>
              query<Row>(sayTurn, [...values, ...spent, ...settlement], "say-turn"),
            );
            isSteered = row.steered;
            // As PostgreSQL holds it, which is not always as it was given (the order of keys): a request that is made
            // after a resume has the bytes that it would have had, and the provider's cache knows its prefix.
            messages.push(fromKept(row.message));
          } else {
            const row = await audit.saving((calls) => query<Row>(saySomething, [...values, calls], "say"));
            isSteered = row.steered;
            messages.push(JSON.parse(json) as Message);
          }
          onChange();
        },
        async finish(outcome) {
          await query(
            `WITH ${held} UPDATE agent_runs SET outcome = $4, finished_at = now() FROM held WHERE agent_runs.id = $3`,
            [id, outcome],
          );
        },
      };
    },
    async spentUsd() {
      const { rows } = await pool.query<{ spent: string }>(
        "SELECT coalesce(sum(cost_usd), 0) AS spent FROM agent_runs WHERE execution_id = $1",
        [claim.id],
      );
      return Number(rows[0]?.spent);
    },
  };
}

/** A transcript in which no secret is said. A turn that held one is no longer in its provider's own form. */
export function redacted(transcript: Transcript, redact: Redact): Transcript {
  return {
    ...transcript,
    say(message) {
      const clean = redact.value(message) as Message;
      const isChanged =
        message.role === "assistant" &&
        clean.role === "assistant" &&
        !isDeepStrictEqual(clean.native, message.native);
      return transcript.say(isChanged ? { ...clean, native: { provider: "none", content: null } } : clean);
    },
  };
}
