// Messages from people to a running agent. Each is said once, at the next turn, and then counts as obeyed.
import type { Pool } from "pg";
import type { Claim } from "../engine/claim.ts";
import { held, StaleLease } from "../engine/lease.ts";
import type { Transcript } from "./transcript.ts";

export type SteerMessage = { id: string; text: string; requestedBy: string };

export type Steering = {
  /** What was asked and not said yet, in its order. */
  pending(): Promise<SteerMessage[]>;
  said(id: string): Promise<void>;
};

export function createSteering(pool: Pool, claim: Claim): Steering {
  return {
    async pending() {
      const { rows } = await pool.query<SteerMessage>({
        name: "steering",
        text: `SELECT id, text, requested_by AS "requestedBy" FROM execution_controls
                WHERE execution_id = $1 AND kind = 'steer' AND obeyed_at IS NULL ORDER BY requested_at`,
        values: [claim.id],
      });
      return rows;
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
