// What a person may ask of an execution: cancel, pause, resume, steer, retry, more budget. Each wish is a row first; a worker obeys.
import type { PoolClient } from "pg";
import {
  anotherWorksHere,
  budgetHasEnded,
  endedAlready,
  hasNotEnded,
  isBeingCancelled,
  isNotPaused,
  isPausedAlready,
  noMessage,
  noSuchExecution,
  nothingToRetry,
} from "./control-wording.ts";
import type { Database } from "./db.ts";
import { Refusal } from "./errors.ts";
import type { Queues } from "./queue.ts";
import { type Raise, raiseBudget } from "./raise-budget.ts";
import { repeatSteps } from "./repeat-steps.ts";
import type { Role } from "./role.ts";

export const controlKinds = ["cancel", "pause", "resume", "steer", "retry", "budget"] as const;
export type ControlKind = (typeof controlKinds)[number];

export type Control = {
  execution: string;
  kind: ControlKind;
  /** Of `steer`: the message to the agent. Of `retry`: the step to begin at, when it is not the one that failed. */
  text?: string;
  /** Of `budget`: how much more, and within which bounds. */
  raise?: Raise;
  /** A login on GitHub, or who used the command line. */
  requestedBy: string;
  /** The role that it took, which is asked again when a worker takes it up late. Of bots and the command line there is none. */
  role?: { of: number; needs: Role } | undefined;
  /** The delivery that brings it: the same one asks only once. */
  delivery?: string;
};

type Row = { status: string; wish: string | null; fence: string; isHeld: boolean; error: string | null };

/**
 * Writes down what is asked, changes the execution's row in the same transaction, and nudges a worker. Throws a
 * `Refusal` that says how the execution stands when it can't be done.
 */
export async function requestControl(
  control: Control,
  { db, queues }: { db: Database; queues: Pick<Queues, "nudge"> },
): Promise<void> {
  const client = await db.pool.connect();
  client.on("error", ignore);
  try {
    await client.query("BEGIN");
    await write(client, control);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(ignore);
    if ((error as { constraint?: string }).constraint === "workflow_executions_one_active_per_issue")
      throw new Refusal(anotherWorksHere());
    throw error;
  } finally {
    client.off("error", ignore);
    client.release();
  }
  // What cancels must not wait behind others for a worker's slot.
  await queues.nudge(control.kind === "cancel" ? "controls" : "executions", control.execution, {
    hurry: true,
  });
}

function ignore(): void {}

async function write(client: PoolClient, control: Control): Promise<void> {
  const { execution, kind, text = "", requestedBy, role, delivery = null } = control;
  const { rows } = await client.query<Row>(
    `SELECT status, wish, fence, error, coalesce(lease_until > now(), false) AS "isHeld"
       FROM workflow_executions WHERE id = $1 FOR UPDATE`,
    [execution],
  );
  const [row] = rows;
  if (!row) throw new Refusal(noSuchExecution(execution));
  // What goes on anyhow, no worker takes up for this.
  const isTakenUp = row.isHeld || (kind === "budget" && !isParked(row));
  const { rowCount } = await client.query(
    `INSERT INTO execution_controls (id, execution_id, kind, text, requested_by, requester_id, needs, taken_up_at, delivery_id)
     VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, CASE WHEN $7 THEN now() END, $8) ON CONFLICT (delivery_id) DO NOTHING`,
    [execution, kind, text, requestedBy, role?.of, role?.needs, isTakenUp, delivery],
  );
  if (rowCount) await changes[kind](client, control, row);
}

type Change = (client: PoolClient, control: Control, row: Row) => Promise<void>;

/** Whether it is paused for a decision that it asks people for. */
const isParked = ({ status, error }: Row) => status === "paused" && error !== null;
const hasEnded = ({ status }: Row) => ["succeeded", "failed", "cancelled"].includes(status);

const changes: Record<ControlKind, Change> = {
  async cancel(client, { execution, requestedBy }, row) {
    if (hasEnded(row)) throw new Refusal(endedAlready("cancel", row.status));
    // What was never begun leaves nothing behind that would have to be cleaned up.
    const isUntouched = row.fence === "0";
    await update(
      client,
      execution,
      isUntouched
        ? `status = 'cancelled', error = $2, finished_at = now(), due_at = NULL, wish = NULL`
        : `wish = 'cancel', error = $2, due_at = now()`,
      cancelledBy(requestedBy),
    );
    if (isUntouched) await obeyed(client, execution);
  },
  async pause(client, { execution }, row) {
    if (hasEnded(row)) throw new Refusal(endedAlready("pause", row.status));
    if (row.status === "paused") throw new Refusal(isPausedAlready());
    if (row.wish === "cancel") throw new Refusal(isBeingCancelled("pause"));
    if (row.isHeld) return update(client, execution, "wish = 'pause'");
    await update(client, execution, "status = 'paused', due_at = NULL, wish = NULL");
    await obeyed(client, execution);
  },
  async resume(client, { execution }, row) {
    if (row.wish === "cancel") throw new Refusal(isBeingCancelled("resume"));
    if (row.status !== "paused" && row.wish !== "pause") throw new Refusal(isNotPaused(row.status));
    const state = row.isHeld ? "" : "status = 'queued', due_at = now(), error = NULL, ";
    await update(client, execution, `${state} wish = NULL`);
    await obeyed(client, execution);
  },
  async steer(_client, { text }, row) {
    if (hasEnded(row)) throw new Refusal(endedAlready("steer", row.status));
    if (!text?.trim()) throw new Refusal(noMessage());
  },
  async retry(client, { execution, text: step }, row) {
    if (row.status === "succeeded") throw new Refusal(nothingToRetry());
    if (!hasEnded(row)) throw new Refusal(hasNotEnded(row.status));
    await repeatSteps(client, execution, step?.trim() || undefined);
    await update(
      client,
      execution,
      `status = 'queued', round = round + 1, due_at = now(), error = NULL, finished_at = NULL, wish = NULL, faults = 0`,
    );
    await obeyed(client, execution);
  },
  async budget(client, { execution, raise }, row) {
    if (hasEnded(row)) throw new Refusal(budgetHasEnded(row.status));
    if (row.wish === "cancel") throw new Refusal(isBeingCancelled("budget"));
    if (!raise) throw new Error("Expected how much is to be added to the budget, got nothing.");
    await raiseBudget(client, execution, raise);
    // One that is about to pause for want of budget is due when it does, and looks again.
    const due = "due_at = CASE WHEN lease_until IS NULL THEN due_at ELSE now() END";
    await update(client, execution, isParked(row) ? "status = 'queued', due_at = now(), error = NULL" : due);
    await client.query(
      `UPDATE execution_controls SET obeyed_at = now() WHERE execution_id = $1 AND obeyed_at IS NULL AND kind = 'budget'`,
      [execution],
    );
  },
};

/** The reason that a cancelled execution ends with. */
function cancelledBy(who: string): string {
  return `Cancelled by ${who}.`;
}

async function update(client: PoolClient, id: string, set: string, ...values: string[]): Promise<void> {
  await client.query(`UPDATE workflow_executions SET ${set}, revision = revision + 1 WHERE id = $1`, [
    id,
    ...values,
  ]);
}

async function obeyed(client: PoolClient, execution: string): Promise<void> {
  await client.query(
    `UPDATE execution_controls SET obeyed_at = now()
      WHERE execution_id = $1 AND obeyed_at IS NULL AND kind <> 'steer'`,
    [execution],
  );
}
