// What people asked of an execution is looked at again when a worker takes it up late: who asked may have lost the role since.
import type { Pool } from "pg";
import { Parked, PermanentFault } from "../shared/errors.ts";
import type { GitHubApp } from "../shared/github.ts";
import type { Role } from "../shared/role.ts";
import type { Claim } from "./engine/claim.ts";
import { held, StaleLease } from "./engine/lease.ts";
import { controlLostRole } from "./report/wording.ts";
import { freshMs, roleWithout } from "./still-may.ts";

/** What was asked, by whom, and for how long. */
export type Asked = {
  id: string;
  kind: "resume" | "retry" | "budget" | "steer";
  requestedBy: string;
  requesterId: string | null;
  needs: Role | null;
  ageMs: number;
};

/** SQL: what `Asked` has, from `execution_controls`. */
export const askedColumns = `id, kind, requested_by AS "requestedBy", requester_id AS "requesterId", needs,
  1000 * extract(epoch FROM clock_timestamp() - requested_at)::float8 AS "ageMs"`;

/** SQL: what a person asked for so that an execution goes on. The end of a hold gives no earlier wish a new date. */
const letsGoOn = "kind IN ('resume', 'retry', 'budget') AND NOT (kind = 'resume' AND text = 'hold')";

type Deps = { pool: Pool; github: GitHubApp };

/**
 * Asks GitHub whether who let the execution go on last still has the role for that. What is not let go on stays as it was: a
 * retry ends as failed again, by a `PermanentFault`, and what was paused is so again, by a `Parked`. Nothing is asked to cancel or
 * to pause: that only stops.
 */
export async function requireControls(claim: Claim, deps: Deps): Promise<void> {
  if (claim.wish !== null) return;
  const { rows } = await deps.pool.query<Asked>(
    `SELECT ${askedColumns} FROM execution_controls
      WHERE ${letsGoOn} AND execution_id = $1 AND taken_up_at IS NULL ORDER BY requested_at DESC LIMIT 1`,
    [claim.id],
  );
  const [last] = rows;
  if (!last) return;
  const refusal = await refusalOf(last, claim, deps);
  if (!refusal) return takeUp(last, claim, deps.pool);
  await writeRefusal({ ...last, refusal }, claim, deps.pool);
  throw last.kind === "retry" ? new PermanentFault(refusal) : new Parked(refusal);
}

/** Why something that was asked is not done any more, or undefined. */
export async function refusalOf(
  { kind, requestedBy, requesterId, needs, ageMs }: Asked,
  { trigger }: Pick<Claim, "trigger">,
  { github }: Pick<Deps, "github">,
): Promise<string | undefined> {
  if (needs === null || requesterId === null || ageMs < freshMs) return undefined;
  const person = { id: Number(requesterId), login: requestedBy };
  const role = await roleWithout(person, needs, { trigger, github });
  return role && controlLostRole(kind, requestedBy, { needs, role });
}

/** What was asked before it is over with it. */
async function takeUp({ id }: Asked, claim: Claim, pool: Pool): Promise<void> {
  const { rowCount } = await pool.query(
    `WITH ${held}, taken AS (
       UPDATE execution_controls c SET taken_up_at = now() FROM held, execution_controls this
        WHERE this.id = $3 AND c.execution_id = held.id AND c.taken_up_at IS NULL AND c.requested_at <= this.requested_at
     )
     SELECT FROM held`,
    [claim.id, claim.fence, id],
  );
  if (!rowCount) throw new StaleLease(claim.id);
}

/** Writes it down for the report, and for `/afu9 why`. A message counts as dealt with. */
export async function writeRefusal(
  { id, kind, requestedBy, refusal }: Asked & { refusal: string },
  claim: Claim,
  pool: Pool,
): Promise<void> {
  const { repository, issue } = claim.trigger;
  const { rowCount } = await pool.query(
    `WITH held AS (
       UPDATE workflow_executions SET revision = revision + 1 WHERE id = $1 AND fence = $2 RETURNING id
     ), refused AS (
       UPDATE execution_controls SET refusal = $4, obeyed_at = coalesce(obeyed_at, now()) FROM held WHERE execution_controls.id = $3
     ), noted AS (
       INSERT INTO trigger_decisions (delivery_id, repository_id, issue_number, actor, wish, reason)
       SELECT $5, $6, $7, $8, $9, $4 FROM held ON CONFLICT (delivery_id) DO NOTHING
     )
     SELECT FROM held`,
    [
      ...[claim.id, claim.fence, id, refusal, `control ${id}`],
      ...[repository.id, issue.number, requestedBy, `/afu9 ${kind}`],
    ],
  );
  if (!rowCount) throw new StaleLease(claim.id);
}
