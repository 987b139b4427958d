// The transcript of an agent run: append-only, saved message by message, so that a turn is paid for once.
import type { Pool } from "pg";
import { z } from "zod";
import { storableText } from "../../shared/storable-text.ts";
import type { Claim } from "../engine/claim.ts";
import { held, StaleLease } from "../engine/lease.ts";
import { storable } from "../engine/storable.ts";
import type { Message, Model, ToolSpec, Usage } from "../llm/model.ts";

export type Transcript = {
  readonly messages: readonly Message[];
  /** Milliseconds that the agent run has worked, without the time that it was paused. */
  elapsedMs(): number;
  /** Saves a message, then it counts as said. */
  say(message: Message): Promise<void>;
  /** Writes how the run ended. */
  finish(outcome: string): Promise<void>;
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

const Opened = z.object({ id: z.string(), activeMs: z.coerce.number() });

export function createTranscriptStore(pool: Pool, claim: Claim, onChange: () => void): TranscriptStore {
  async function query(sql: string, values: unknown[]): Promise<unknown[]> {
    const { rows, rowCount } = await pool.query(sql, [claim.id, claim.fence, ...values]);
    if (!rowCount) throw new StaleLease(claim.id);
    return rows;
  }

  return {
    async open({ stepId, agent, model, system, tools }) {
      const [row] = await query(
        `WITH ${held} INSERT INTO agent_runs (id, execution_id, step_id, round, agent, provider, model, system_prompt, tools)
         SELECT gen_random_uuid(), id, $3, $7, $4, $5, $6, $8, $9 FROM held
         ON CONFLICT (execution_id, step_id, round) DO UPDATE SET provider = excluded.provider, model = excluded.model
         RETURNING id, active_ms AS "activeMs"`,
        [stepId, agent, model.provider, model.name, claim.round, system, storable(tools)],
      );
      const { id, activeMs } = Opened.parse(row);
      const saved = await pool.query<{ message: Message }>(
        "SELECT message FROM agent_messages WHERE agent_run_id = $1 ORDER BY sequence",
        [id],
      );
      const messages = saved.rows.map(({ message }) => message);
      const openedAt = performance.now();

      const elapsedMs = () => Math.round(activeMs + performance.now() - openedAt);

      return {
        messages,
        elapsedMs,
        async say(message) {
          const { costUsd, ...usage } = spentOn(message);
          const [row] = await query(
            `WITH ${held}, advanced AS (
               UPDATE workflow_executions SET faults = 0 WHERE id = $1 AND fence = $2 AND faults > 0
             ), said AS (
               INSERT INTO agent_messages (agent_run_id, sequence, message) SELECT $3, $4, $5 FROM held
               RETURNING agent_run_id, message
             )
             UPDATE agent_runs SET turns = turns + $6, input_tokens = input_tokens + $7, output_tokens = output_tokens + $8,
                    cache_read_tokens = cache_read_tokens + $9, cache_write_tokens = cache_write_tokens + $10,
                    cost_usd = cost_usd + $11, active_ms = $12, provider = coalesce($13, provider), model = coalesce($14, model)
               FROM said WHERE id = said.agent_run_id RETURNING said.message`,
            [
              id,
              messages.length,
              storable(message),
              message.role === "assistant" ? 1 : 0,
              usage.input,
              usage.output,
              usage.cacheRead,
              usage.cacheWrite,
              costUsd,
              elapsedMs(),
              ...answeredBy(message),
            ],
          );
          // As PostgreSQL holds it, which is not always as it was given (the order of keys): a request that is made
          // after a resume has the bytes that it would have had, and the provider's cache knows its prefix.
          messages.push((row as { message: Message }).message);
          onChange();
        },
        async finish(outcome) {
          await query(
            `WITH ${held} UPDATE agent_runs SET outcome = $4, finished_at = now() FROM held WHERE agent_runs.id = $3`,
            [id, storableText(outcome)],
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

/** Whose turn it is: after a failover, another model's than the run began with. */
function answeredBy(message: Message): [provider: string | null, model: string | null] {
  if (message.role !== "assistant" || !message.native.model) return [null, null];
  return [message.native.provider, message.native.model];
}

function spentOn(message: Message): Usage & { costUsd: number } {
  if (message.role === "assistant") return { ...message.usage, costUsd: message.costUsd };
  return { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costUsd: 0 };
}
