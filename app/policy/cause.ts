// The loop breaker: what follows from what AFU-9 did is bounded. (What it did itself starts nothing: `standing.ts`.)
import type { Database } from "../../shared/db.ts";
import { executionsIn } from "../../shared/execution-marker.ts";
import type { Maker } from "./standing.ts";

type Opened = Maker & { body?: string | null };

/**
 * How many executions may lead to one another through issues that AFU-9 opens. Three are an issue, its follow-up, and
 * the follow-up of that: whatever goes on for longer is more likely a circle than a plan.
 */
export const maxDepth = 3;

/** How many executions led to an issue: that of the execution that opened it, and one more. A person's issue has none. */
export async function depthOf(
  issue: Opened,
  { db, appId }: { db: Pick<Database, "prisma">; appId: number },
): Promise<number> {
  if (issue.user?.type !== "Bot" || issue.performed_via_github_app?.id !== appId) return 0;
  const ids = executionsIn(issue.body ?? "");
  const { _max } = await db.prisma.workflowExecution.aggregate({
    where: { id: { in: ids } },
    _max: { depth: true },
  });
  return _max.depth === null ? 0 : _max.depth + 1;
}
