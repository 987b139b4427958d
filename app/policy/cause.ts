// The loop breaker: what AFU-9 itself did starts nothing, and what follows from it is bounded.
import type { Database } from "../../shared/db.ts";
import { executionsIn } from "../../shared/execution-marker.ts";

/** Who did something on GitHub, or made a thing there. */
type Maker = {
  user?: { type?: string | undefined } | null;
  performed_via_github_app?: { id?: number | null } | null;
  body?: string | null;
};

/**
 * How many executions may lead to one another through issues that AFU-9 opens. Three are an issue, its follow-up, and
 * the follow-up of that: whatever goes on for longer is more likely a circle than a plan.
 */
export const maxDepth = 3;

/**
 * Whether a person did it, and not a program: neither a bot nor this App, which may act in a person's name. `made` is
 * what the event is about when it came into being with it.
 */
export function isByPerson(sender: { type: string }, appId: number, made?: Maker): boolean {
  return sender.type !== "Bot" && made?.user?.type !== "Bot" && made?.performed_via_github_app?.id !== appId;
}

/** Whether this App made it in a person's name. Who labels such an issue can't be told from the App. */
export function isInAPersonsName(made: Maker, appId: number): boolean {
  return made.user?.type !== "Bot" && made.performed_via_github_app?.id === appId;
}

/** How many executions led to an issue: that of the execution that opened it, and one more. A person's issue has none. */
export async function depthOf(
  issue: Maker,
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
