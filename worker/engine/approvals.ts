// What people are asked to agree with, each bound to its content. Deciding is the app's part; nothing approves itself.
import type { Pool } from "pg";
import { z } from "zod";
import type { ApprovalRules } from "../../shared/step.ts";
import { sortedHash } from "../tools/audit.ts";
import type { Claim } from "./claim.ts";
import { held, StaleLease } from "./lease.ts";
import { storable } from "./storable.ts";

/** What is to be agreed with. The hash covers all three. */
export type ApprovalSubject = { what: unknown; base?: string; environment?: string };

export type ApprovalRequest = ApprovalSubject & {
  stepId: string;
  rules: ApprovalRules;
  remindAfterDays: number;
  expiresAfterDays: number;
};

const Approval = z.object({
  id: z.string(),
  hash: z.string(),
  decision: z.enum(["approved", "rejected", "expired", "void"]).nullable(),
  decider: z.string().nullable(),
  reason: z.string().nullable(),
  decidedAt: z.date().nullable(),
  requestedAt: z.date(),
  hasExpired: z.boolean(),
  isToBeReminded: z.boolean(),
  /** Until it is to be looked at again, by the database's clock. */
  waitMs: z.coerce.number(),
});
export type Approval = z.infer<typeof Approval>;

export type Approvals = {
  /** Asks for an approval, unless that was done, and gives how it stands. Approvals of other content become void, and so do those that an earlier round left undecided. */
  ask(request: ApprovalRequest): Promise<Approval>;
  expire(id: string): Promise<void>;
  /** Tells the people who may decide, once. */
  remind(approval: Approval): Promise<void>;
};

const columns = `id, content_hash AS hash, decision, decider, reason, decided_at AS "decidedAt", requested_at AS "requestedAt",
  expires_at <= now() AS "hasExpired", remind_at <= now() AND reminded_at IS NULL AS "isToBeReminded",
  extract(epoch FROM least(expires_at, CASE WHEN reminded_at IS NULL THEN remind_at END) - now()) * 1000 AS "waitMs"`;

export function createApprovals(
  pool: Pool,
  claim: Claim,
  postReminder: (approval: Approval) => Promise<void>,
): Approvals {
  async function write(sql: string, values: unknown[]): Promise<void> {
    const { rowCount } = await pool.query(sql, [claim.id, claim.fence, ...values]);
    if (!rowCount) throw new StaleLease(claim.id);
  }

  return {
    async ask({ stepId, what, base, environment, rules, remindAfterDays, expiresAfterDays }) {
      const hash = sortedHash({ what, base: base ?? null, environment: environment ?? null });
      await write(
        `WITH ${held}, voided AS (
           UPDATE approvals SET decision = 'void', decided_at = now()
            WHERE execution_id = $1 AND step_id = $3 AND EXISTS (SELECT FROM held)
              AND (decision IS NULL AND (content_hash <> $4 OR round <> $5) OR decision = 'approved' AND content_hash <> $4)
         ), asked AS (
           INSERT INTO approvals (id, execution_id, step_id, round, content_hash, content, base_sha, environment, rules, remind_at, expires_at)
           SELECT gen_random_uuid(), id, $3, $5, $4, $6, $7, $8, $9,
                  now() + make_interval(secs => $10), now() + make_interval(secs => $11) FROM held
           WHERE NOT EXISTS (SELECT FROM approvals WHERE execution_id = $1 AND step_id = $3 AND content_hash = $4 AND decision = 'approved')
           ON CONFLICT (execution_id, step_id, round, content_hash) DO NOTHING
         ) SELECT FROM held`,
        [
          stepId,
          hash,
          claim.round,
          storable(what ?? null),
          base,
          environment,
          JSON.stringify(rules),
          remindAfterDays * 86_400,
          expiresAfterDays * 86_400,
        ],
      );
      const { rows } = await pool.query(
        `SELECT ${columns} FROM approvals
          WHERE execution_id = $1 AND step_id = $2 AND content_hash = $3 AND (round = $4 OR decision = 'approved')
          ORDER BY decision = 'approved' DESC NULLS LAST, round DESC LIMIT 1`,
        [claim.id, stepId, hash, claim.round],
      );
      return Approval.parse(rows[0]);
    },
    async expire(id) {
      await write(
        `WITH ${held}, expired AS (
           UPDATE approvals SET decision = 'expired', decided_at = now()
             FROM held WHERE approvals.id = $3 AND decision IS NULL
         ) SELECT FROM held`,
        [id],
      );
    },
    async remind(approval) {
      // Posted first: a reminder that was posted and not written down is found by its marker.
      await postReminder(approval);
      await write(
        `WITH ${held}, reminded AS (
           UPDATE approvals SET reminded_at = now() FROM held WHERE approvals.id = $3
         ) SELECT FROM held`,
        [approval.id],
      );
    },
  };
}
