// A person agrees with a content, or does not. What counts is what was asked when they decided.
import type { Database } from "../shared/db.ts";
import { Refusal } from "../shared/errors.ts";
import type { Text } from "../shared/language.ts";
import type { Queues } from "../shared/queue.ts";
import { storableText } from "../shared/storable-text.ts";
import { findPending, type PendingApproval, shortHash } from "./pending-approval.ts";
import { type Decider, requireDecider } from "./policy/approval.ts";
import {
  alreadyDecided,
  contentChanged,
  decided,
  nameTheContent,
  nothingToDecide,
} from "./replies/decisions.ts";

export type Decision = {
  execution: string;
  decision: "approved" | "rejected";
  /** The beginning of the hash of what is agreed with. Without it, only what was never changed can be approved. */
  hash?: string;
  reason?: string;
};

type Deps = Decider & { db: Database; queues: Pick<Queues, "nudge"> };

/**
 * Decides on what an execution asks for now, and nudges a worker. Gives what to answer. Throws a `Refusal`, and nothing
 * is decided, when there is nothing to decide, when another content is meant, or when the person may not.
 */
export async function decideApproval(wish: Decision, deps: Deps): Promise<Text> {
  const pending = await findPending(deps.db, wish.execution);
  if (!pending) throw new Refusal(await whyNothing(wish, deps));
  requireSameContent(wish, pending);
  await requireDecider(deps, pending);
  if (!(await write(wish, pending, deps))) throw new Refusal(await whyNothing(wish, deps));
  await deps.queues.nudge("executions", wish.execution, { hurry: true });
  return decided(wish.decision, shortHash(pending.hash));
}

/** Eight characters tell contents apart, and a person may type more of them. */
function requireSameContent({ decision, hash }: Decision, pending: PendingApproval): void {
  const asked = shortHash(pending.hash);
  if (hash !== undefined && (hash.length < asked.length || !pending.hash.startsWith(hash.toLowerCase())))
    throw new Refusal(contentChanged(asked));
  if (decision === "approved" && hash === undefined && pending.contents > 1)
    throw new Refusal(nameTheContent(asked));
}

/** Decides, unless somebody else has, the time is over, or the execution does not wait any more. */
async function write(wish: Decision, { id }: PendingApproval, { db, person }: Deps): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `WITH waiting AS (
       SELECT id FROM workflow_executions WHERE id = $2 AND status = 'waiting' AND wish IS NULL FOR UPDATE),
     decided AS (
       UPDATE approvals SET decision = $3, reason = $4, decided_by = $5, decider = $6, decided_at = now()
         FROM waiting
        WHERE approvals.id = $1 AND execution_id = waiting.id AND decision IS NULL AND expires_at > now()
       RETURNING execution_id)
     UPDATE workflow_executions e SET due_at = now() FROM decided WHERE e.id = decided.execution_id`,
    [
      id,
      wish.execution,
      wish.decision,
      wish.reason ? storableText(wish.reason) : null,
      person.id,
      person.login,
    ],
  );
  return rowCount === 1;
}

async function whyNothing({ execution }: Decision, { db }: Deps): Promise<Text> {
  const last = await db.prisma.approval.findFirst({
    where: { executionId: execution, decidedAt: { not: null } },
    orderBy: { decidedAt: "desc" },
  });
  const decision = last?.decision;
  if (!last?.decider || (decision !== "approved" && decision !== "rejected")) return nothingToDecide();
  return alreadyDecided(decision, shortHash(last.contentHash), last.decider);
}
