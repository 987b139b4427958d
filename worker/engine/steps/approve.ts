import { z } from "zod";
import { messageOf, PermanentFault } from "../../../shared/errors.ts";
import type { RepositoryConfig } from "../../../shared/repository-config.ts";
import { covers } from "../../../shared/role.ts";
import { ApprovalRules, type ApproveStep } from "../../../shared/step.ts";
import { StaleLease } from "../lease.ts";
import { nobodyApproved } from "../over-time.ts";
import type { StepResult, StepTask } from "../run-workflow.ts";
import type { StepDeps } from "../step-deps.ts";

const remindAgainMs = 10 * 60_000;

/**
 * Waits until somebody who may agrees with just this content. Whatever is not a clear yes to it is a no: a rejection,
 * the end of the time, an approval of something else.
 */
export async function runApproveStep(
  { id, approve }: ApproveStep,
  { inputs, intent }: StepTask,
  { approvals, config, log }: Pick<StepDeps, "approvals" | "config" | "log">,
): Promise<StepResult> {
  const { what, base, environment } = inputs;
  if (what === undefined || what === null || what === "")
    throw new PermanentFault("There is nothing to approve: `approve.what` is empty.");
  await intent();
  const approval = await approvals.ask({
    stepId: id,
    what,
    base: textOf(base),
    environment: textOf(environment),
    rules: tightened(rulesOf(inputs.by), config.approval),
    remindAfterDays: approve["remind-after-days"],
    expiresAfterDays: approve["expires-after-days"],
  });
  const { decision, decider, reason, decidedAt, hash } = approval;
  if (decision === "approved") return { output: { approvedBy: decider, approvedAt: decidedAt, hash } };
  if (decision === "rejected")
    throw new PermanentFault(`Rejected by ${decider}${reason ? `: ${reason}` : "."}`);
  if (decision === "void")
    throw new PermanentFault("The approval is void: what was to be approved has changed since.");
  if (decision === "expired" || approval.hasExpired) {
    await approvals.expire(approval.id);
    throw new PermanentFault(nobodyApproved(approve["expires-after-days"]));
  }
  if (!approval.isToBeReminded) return { waitMs: approval.waitMs };
  try {
    await approvals.remind(approval);
    return { waitMs: 0 };
  } catch (error) {
    if (error instanceof StaleLease) throw error;
    // The approval has days left, whatever keeps GitHub from taking a reminder.
    log.warn({ error: messageOf(error) }, "reminder not posted");
    return { waitMs: remindAgainMs };
  }
}

/** The repository's own rules come on top of the step's, and take nothing away from them. */
function tightened(
  rules: ApprovalRules,
  { role, team, ...own }: RepositoryConfig["approval"],
): ApprovalRules {
  return {
    role: role && covers(role, rules.role) ? role : rules.role,
    team: rules.team ?? team,
    "not-requester": rules["not-requester"] || own["not-requester"],
  };
}

/** An expression in the definition may have come to something that is no rule. */
function rulesOf(by: unknown): ApprovalRules {
  const rules = ApprovalRules.safeParse(by);
  if (rules.success) return rules.data;
  throw new PermanentFault(`Who may approve can't be told: \`approve.by\` ${z.prettifyError(rules.error)}`);
}

/** An expression that came to nothing leaves an empty text. */
function textOf(value: unknown): string | undefined {
  return value === undefined || value === null || value === "" ? undefined : String(value);
}
