// Everything that a report shows of an execution, read from the rows.
import { z } from "zod";
import type { Database } from "../../shared/db.ts";
import type { Step } from "../../shared/step.ts";
import { Trigger } from "../../shared/trigger.ts";
import { parseWorkflow } from "../../shared/workflow.ts";

const PullRequest = z.object({ number: z.number(), url: z.string(), headSha: z.string() });
const Verified = z.object({ evidence: z.string() });

export type StepRow = {
  id: string;
  name: string;
  status: string;
  durationMs: number | null;
  error: string | null;
};

export type Snapshot = {
  id: string;
  revision: number;
  status: string;
  error: string | null;
  trigger: Trigger;
  commentId: bigint | null;
  checkRunId: bigint | null;
  steps: StepRow[];
  /** The pull request and its head, once they are there. */
  pullRequest?: z.infer<typeof PullRequest>;
  evidence?: string;
  turns: number;
  tokens: number;
  costUsd: number;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
};

/** Reads an execution as it is now. Gives undefined for an id that is not there. */
export async function readSnapshot({ prisma }: Database, id: string): Promise<Snapshot | undefined> {
  const execution = await prisma.workflowExecution.findUnique({
    where: { id },
    include: { workflow: true, agentRuns: true },
  });
  if (!execution) return undefined;
  const rows = await prisma.workflowStep.findMany({ where: { executionId: id } });
  const { definition } = parseWorkflow(execution.workflow.source, execution.workflow.name);
  const outputOf = (isWanted: (step: Step) => boolean) => {
    const step = definition.steps.find(isWanted);
    return rows.find((row) => row.stepId === step?.id && row.status === "succeeded")?.output;
  };
  const pullRequest = PullRequest.safeParse(
    outputOf((step) => "tool" in step && step.tool === "github.createPullRequest"),
  );
  const verified = Verified.safeParse(outputOf((step) => "agent" in step && step.until !== undefined));

  return {
    ...execution,
    trigger: Trigger.parse(execution.trigger),
    steps: definition.steps.map((step) => {
      const row = rows.find((candidate) => candidate.stepId === step.id);
      const { status = "pending", durationMs = null, error = null } = row ?? {};
      return { id: step.id, name: step.name ?? step.id, status, durationMs, error };
    }),
    pullRequest: pullRequest.data,
    evidence: verified.data?.evidence,
    turns: sum(execution.agentRuns.map((run) => run.turns)),
    tokens: sum(
      execution.agentRuns.map(
        (run) => run.inputTokens + run.outputTokens + run.cacheReadTokens + run.cacheWriteTokens,
      ),
    ),
    costUsd: sum(execution.agentRuns.map((run) => Number(run.costUsd))),
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
