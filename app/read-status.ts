import type { Database } from "../shared/db.ts";
import { parseWorkflow } from "../shared/workflow.ts";
import { findPending, shortHash } from "./pending-approval.ts";

/** How an execution stands, for a few lines. */
export type Status = {
  id: string;
  workflow: string;
  status: string;
  error: string | null;
  /** The step at hand, or the one that it ended with. */
  step?: { name: string; number: number; of: number };
  turns: number;
  costUsd: number;
  /** The first characters of the content that waits for an approval. */
  asked?: string;
};

export async function readStatus(db: Database, id: string): Promise<Status> {
  const { workflow, agentRuns, ...execution } = await db.prisma.workflowExecution.findUniqueOrThrow({
    where: { id },
    include: { workflow: true, agentRuns: true },
  });
  const { steps } = parseWorkflow(workflow.source, workflow.name).definition;
  const last = await db.prisma.workflowStep.findFirst({
    where: { executionId: id, status: { notIn: ["pending", "skipped"] } },
    orderBy: [{ startedAt: "desc" }, { position: "desc" }],
  });
  const index = steps.findIndex((step) => step.id === last?.stepId);
  const step = steps[index];
  const pending = await findPending(db, id);
  return {
    id,
    workflow: workflow.name,
    status: execution.status,
    error: execution.error,
    step: step && { name: step.name ?? step.id, number: index + 1, of: steps.length },
    turns: agentRuns.reduce((sum, run) => sum + run.turns, 0),
    costUsd: agentRuns.reduce((sum, run) => sum + Number(run.costUsd), 0),
    asked: pending && shortHash(pending.hash),
  };
}
