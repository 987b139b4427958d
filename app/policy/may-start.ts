// Whether something may start now: how often people may, and whether a hold came between. Rows tell, so all processes tell alike.
import type { Prisma } from "../../prisma/generated/client.ts";
import { Refusal } from "../../shared/errors.ts";
import type { Trigger } from "../../shared/trigger.ts";
import { heldMeanwhile, tooMany } from "../replies/starts.ts";
import type { PolicySettings } from "./policy-settings.ts";

export type Rates = Pick<PolicySettings, "AFU9_RATE_USER_HOUR" | "AFU9_RATE_REPOSITORY_HOUR">;

/** Whose start it is. The end of a run of GitHub Actions is nobody's wish, and bounded by `rounds.ts`. */
export function senderOf({ kind, sender }: Pick<Trigger, "kind" | "sender">): number | undefined {
  return kind === "workflow_run" ? undefined : sender.id;
}

/** Until the transaction ends nobody else starts something in the repository, and nothing there is put on hold. */
export async function lockStarts(transaction: Prisma.TransactionClient, repository: number): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`starts in ${repository}`}, 0))`;
}

/**
 * Throws a `Refusal` when the hour is full, or when the issue was put on hold after this was asked for. Until the transaction ends
 * nobody else can start for the same sender or in the same repository, so two at once can't both take the last place. What has
 * started already is not refused.
 */
export async function requireMayStart(
  transaction: Prisma.TransactionClient,
  trigger: Trigger,
  { AFU9_RATE_USER_HOUR: ofUser, AFU9_RATE_REPOSITORY_HOUR: ofRepository }: Rates,
): Promise<void> {
  const { delivery, comment = -1, repository, issue, at = null } = trigger;
  const sender = senderOf(trigger) ?? null;
  // The repository first, always: two that wait for each other would wait for ever.
  await lockStarts(transaction, repository.id);
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`starts by ${sender}`}, 0))`;
  const [full] = await transaction.$queryRaw<Full[]>`
    SELECT EXISTS (SELECT FROM workflow_executions WHERE delivery_id = ${delivery} OR command_comment_id = ${comment}) AS "hasStarted",
           EXISTS (SELECT FROM issue_holds WHERE repository_id = ${repository.id} AND issue_number = ${issue.number} AND is_held
                      AND changed_at >= coalesce(${at}::timestamptz, now() - interval '1 minute')) AS "isHeld",
           (SELECT created_at + interval '1 hour' FROM workflow_executions
             WHERE sender_id = ${sender} AND created_at > clock_timestamp() - interval '1 hour'
             ORDER BY created_at DESC OFFSET ${ofUser - 1} LIMIT 1) AS "user",
           (SELECT created_at + interval '1 hour' FROM workflow_executions
             WHERE repository_id = ${repository.id} AND created_at > clock_timestamp() - interval '1 hour'
             ORDER BY created_at DESC OFFSET ${ofRepository - 1} LIMIT 1) AS "repository"`;
  if (!full || full.hasStarted) return;
  if (full.isHeld) throw new Refusal(heldMeanwhile());
  if (full.user) throw new Refusal(tooMany("person", ofUser, full.user));
  if (full.repository) throw new Refusal(tooMany("repository", ofRepository, full.repository));
}

/** `user`, `repository`: until when nothing may start, where as many have as may. */
type Full = { hasStarted: boolean; isHeld: boolean; user: Date | null; repository: Date | null };
