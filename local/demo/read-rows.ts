// Follows an execution in the database. What never changes is read once: outputs and messages can be large.
import { z } from "zod";
import type { Database } from "../../shared/db.ts";
import type { Step } from "../../shared/step.ts";
import { parseWorkflow } from "../../shared/workflow.ts";
import type { Message } from "../../worker/llm/model.ts";

export type DeliveryRow = { id: string; name: string; status: string; error: string | null };
export type StepRow = {
  id: string;
  name: string;
  isAgent: boolean;
  /** `pending` until it begins. */
  status: string;
  error: string | null;
  durationMs: number | null;
  output: unknown;
};
export type MessageRow = { stepId: string; sequence: number; at: number; message: Message };
export type ToolCallRow = {
  sequence: number;
  stepId: string;
  tool: string;
  at: number;
  durationMs: number;
  error: string | null;
  result: unknown;
};
export type ExecutionRow = {
  id: string;
  workflow: string;
  deliveryId: string;
  status: string;
  error: string | null;
  isReported: boolean;
};
export type Spent = {
  turns: number;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  costUsd: number;
};

export type Rows = {
  deliveries: DeliveryRow[];
  execution?: ExecutionRow;
  steps: StepRow[];
  messages: MessageRow[];
  /** Calls that a step of the workflow made, and those that verify an agent's work. */
  toolCalls: ToolCallRow[];
  spent: Spent;
};

const nothingSpent: Spent = { turns: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costUsd: 0 };

/** What was read before and never changes. */
type Known = {
  /** Undefined for what the App did itself. */
  deliveryNames: Map<string, string | undefined>;
  outputs: Map<string, unknown>;
  messages: MessageRow[];
  toolCalls: ToolCallRow[];
};

/** Gives a function that reads how far the first execution in the database is. */
export function followRows({ prisma }: Pick<Database, "prisma">): () => Promise<Rows> {
  const known: Known = { deliveryNames: new Map(), outputs: new Map(), messages: [], toolCalls: [] };
  const { messages, toolCalls } = known;

  return async () => {
    const deliveries = await readDeliveries(prisma, known);
    const execution = await prisma.workflowExecution.findFirst({
      orderBy: { createdAt: "asc" },
      include: { workflow: true },
    });
    if (!execution) return { deliveries, steps: [], messages, toolCalls, spent: nothingSpent };

    // An outcome is written after what led to it. So it is read before: then nothing of that is missing.
    const { id, status, error, deliveryId, revision, reported, workflow } = execution;
    const { definition } = parseWorkflow(workflow.source, workflow.name);
    const steps = await readSteps(prisma, known, { executionId: id, definitions: definition.steps });
    await readToolCalls(prisma, known, id);
    const spent = await readRuns(prisma, known, id);
    const row = { id, workflow: workflow.name, deliveryId, status, error, isReported: reported >= revision };
    return { deliveries, execution: row, steps, messages, toolCalls, spent };
  };
}

type Prisma = Database["prisma"];

/** What people did. What the App writes and labels comes back to it as deliveries too. */
async function readDeliveries(prisma: Prisma, { deliveryNames }: Known): Promise<DeliveryRow[]> {
  const columns = { id: true, event: true, status: true, error: true } as const;
  const rows = await prisma.webhookDelivery.findMany({ select: columns, orderBy: { receivedAt: "asc" } });
  for (const { id, event } of rows.filter((row) => !deliveryNames.has(row.id))) {
    const { payload } = await prisma.webhookDelivery.findUniqueOrThrow({
      where: { id },
      select: { payload: true },
    });
    const { action, sender } = Payload.parse(JSON.parse(Buffer.from(payload).toString()));
    const name = action ? `${event}.${action}` : event;
    deliveryNames.set(id, sender?.type === "Bot" ? undefined : name);
  }
  return rows.flatMap(({ event: _, ...row }) => {
    const name = deliveryNames.get(row.id);
    return name === undefined ? [] : [{ ...row, name }];
  });
}

type Definitions = { executionId: string; definitions: Step[] };

async function readSteps(
  prisma: Prisma,
  { outputs }: Known,
  { executionId, definitions }: Definitions,
): Promise<StepRow[]> {
  const rows = await prisma.workflowStep.findMany({
    where: { executionId },
    omit: { input: true, output: true },
    orderBy: { attempt: "asc" },
  });
  const finished = rows.filter((row) => row.status === "succeeded" && !outputs.has(row.stepId));
  for (const { executionMonth, stepId, attempt } of finished) {
    const key = { executionMonth, executionId, stepId, attempt };
    const { output } = await prisma.workflowStep.findUniqueOrThrow({
      where: { executionMonth_executionId_stepId_attempt: key },
      select: { output: true },
    });
    outputs.set(stepId, output);
  }
  return definitions.map((step) => {
    const row = rows.findLast(({ stepId }) => stepId === step.id);
    const { status = "pending", error = null, durationMs = null } = row ?? {};
    const { id, name = id } = step;
    return { id, name, isAgent: "agent" in step, status, error, durationMs, output: outputs.get(id) };
  });
}

async function readToolCalls(prisma: Prisma, { toolCalls }: Known, executionId: string): Promise<void> {
  const rows = await prisma.mcpToolCall.findMany({
    where: { executionId, sequence: { gt: toolCalls.at(-1)?.sequence ?? -1 } },
    orderBy: { sequence: "asc" },
  });
  for (const { sequence, stepId, tool, completedAt, durationMs, error, result } of rows) {
    toolCalls.push({ sequence, stepId, tool, at: completedAt.getTime(), durationMs, error, result });
  }
}

async function readRuns(prisma: Prisma, { messages }: Known, executionId: string): Promise<Spent> {
  const runs = await prisma.agentRun.findMany({ where: { executionId }, orderBy: { startedAt: "asc" } });
  for (const { id, stepId } of runs) {
    const count = messages.filter((row) => row.stepId === stepId).length;
    const rows = await prisma.agentMessage.findMany({
      where: { agentRunId: id, sequence: { gte: count } },
      orderBy: { sequence: "asc" },
    });
    for (const { sequence, message, createdAt } of rows) {
      messages.push({ stepId, sequence, at: createdAt.getTime(), message: message as Message });
    }
  }
  return {
    turns: sum(runs.map((run) => run.turns)),
    input: sum(runs.map((run) => run.inputTokens)),
    output: sum(runs.map((run) => run.outputTokens)),
    cacheRead: sum(runs.map((run) => run.cacheReadTokens)),
    cacheWrite: sum(runs.map((run) => run.cacheWriteTokens)),
    costUsd: sum(runs.map((run) => Number(run.costUsd))),
  };
}

const Payload = z.looseObject({
  action: z.string().optional(),
  sender: z.looseObject({ type: z.string() }).nullish(),
});

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
