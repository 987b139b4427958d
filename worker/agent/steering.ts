// Messages from people to a running agent. Each is said once, at the next turn, and then counts as obeyed.
import type { Pool } from "pg";
import { messageOf } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import type { Claim } from "../engine/claim.ts";
import { held, StaleLease } from "../engine/lease.ts";
import { type Asked, askedColumns, writeRefusal } from "../late-controls.ts";
import type { Transcript } from "./transcript.ts";

export type SteerMessage = Pick<Asked, "id" | "requestedBy"> & { text: string };

export type Steering = {
  /** What was asked and not said yet, in its order, up to what can't be said now. */
  pending(): Promise<SteerMessage[]>;
  said(id: string): Promise<void>;
};

type Deps = {
  pool: Pool;
  /** Why a message is not to be said any more, or undefined. */
  refusalOf(asked: Asked): Promise<string | undefined>;
  log: Logger;
};

export function createSteering(claim: Claim, { pool, refusalOf, log }: Deps): Steering {
  /** A message of somebody who may not steer any more is never said. While GitHub can't be asked it is kept for a later turn. */
  async function mayBeSaid(message: Asked): Promise<boolean | undefined> {
    try {
      const refusal = await refusalOf(message);
      if (refusal) await writeRefusal({ ...message, refusal }, claim, pool);
      return refusal === undefined;
    } catch (error) {
      if (error instanceof StaleLease) throw error;
      log.warn({ error: messageOf(error) }, "role not asked for");
      return undefined;
    }
  }

  return {
    async pending() {
      const { rows } = await pool.query<SteerMessage & Asked>({
        name: "steering",
        text: `SELECT ${askedColumns}, text FROM execution_controls
                WHERE execution_id = $1 AND kind = 'steer' AND obeyed_at IS NULL ORDER BY requested_at`,
        values: [claim.id],
      });
      const said: SteerMessage[] = [];
      for (const message of rows) {
        const may = await mayBeSaid(message);
        if (may === undefined) break;
        if (may) said.push(message);
      }
      return said;
    },
    async said(id) {
      const { rowCount } = await pool.query(
        `WITH ${held}, said AS (UPDATE execution_controls SET obeyed_at = now() FROM held WHERE execution_controls.id = $3)
         SELECT FROM held`,
        [claim.id, claim.fence, id],
      );
      if (!rowCount) throw new StaleLease(claim.id);
    },
  };
}

/** Says what people have asked since. A message that was said, and not marked so, is not said again. */
export async function deliverSteering(steering: Steering, transcript: Transcript): Promise<void> {
  if (!transcript.isSteered()) return;
  for (const { id, text, requestedBy } of await steering.pending()) {
    const isSaid = transcript.messages.some((said) => said.role === "user" && said.control === id);
    if (!isSaid)
      await transcript.say({ role: "user", kind: "steer", control: id, text: steerText(text, requestedBy) });
    await steering.said(id);
  }
}

function steerText(text: string, from: string): string {
  return `A message from ${from}, who may steer this work:\n\n${text}\n\nTake it into account and go on with your task.`;
}
