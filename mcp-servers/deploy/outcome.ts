import { z } from "zod";
import { isRolledBack, type PastDeployment } from "./read-history.ts";
import type { RunningService } from "./read-service.ts";

export const Outcome = z
  .enum(["completed", "in_progress", "rolling_back", "rolled_back", "failed"])
  .describe("How the newest rollout goes or ended; rolled_back: ECS's circuit breaker took it back");

type Judged = {
  outcome: z.infer<typeof Outcome>;
  reason: string;
  /** Whether the circuit breaker gave the newest deployment up. */
  tripped: boolean;
};

/** How the newest rollout goes. The history knows what the deployments of the moment don't show: that they are a way back. */
export function outcomeOf({ deployments }: RunningService, history: PastDeployment[]): Judged {
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  const failed = deployments.find(({ rolloutState }) => rolloutState === "FAILED");
  const newest = history[0];
  const reason = failed?.reason || newest?.reason || primary?.reason || "";
  const hasFailed = primary?.rolloutState === "FAILED" || newest?.status === "ROLLBACK_FAILED";
  const tripped = hasFailed || failed !== undefined || isRolledBack(history);

  if (hasFailed) return { outcome: "failed", reason, tripped };
  if (isRolledBack(history)) {
    const isUnderWay = newest?.status === "ROLLBACK_IN_PROGRESS";
    return { outcome: isUnderWay ? "rolling_back" : "rolled_back", reason, tripped };
  }
  const isUnderWay = primary?.rolloutState === "IN_PROGRESS";
  return { outcome: isUnderWay ? "in_progress" : "completed", reason, tripped };
}
