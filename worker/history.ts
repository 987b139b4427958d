// What AFU-9 did about an issue or a pull request, and how each execution ended: facts, from the rows.
import type { Database } from "../shared/db.ts";
import { executionsAbout } from "../shared/executions-about.ts";
import type { Redact } from "../shared/redact.ts";
import { Trigger } from "../shared/trigger.ts";
import { parseWorkflow } from "../shared/workflow.ts";
import type { Claim } from "./engine/claim.ts";

/** The newest ones are asked about; a model reads them all. */
const maxExecutions = 5;
const maxText = 4_000;

/** Reads the executions about what this one was started on, without this one, the newest first. */
export async function readHistory(
  { id, trigger }: Claim,
  { db, redact }: { db: Database; redact: Redact },
): Promise<{ executions: object[]; earlier: number; records: string }> {
  const { repository, issue } = trigger;
  const about = { repository: repository.id, number: issue.number };
  const ids = (await executionsAbout(db.pool, about)).filter((other) => other !== id);
  const executions = await Promise.all(ids.slice(0, maxExecutions).map((one) => readExecution(db, one)));
  const records = executions.map(recordOf).join("\n");
  const history = { executions, earlier: Math.max(0, ids.length - maxExecutions), records };
  return redact.value(history) as typeof history;
}

type Told = Awaited<ReturnType<typeof readExecution>>;

async function readExecution({ prisma }: Database, id: string) {
  const execution = await prisma.workflowExecution.findUniqueOrThrow({
    where: { id },
    include: {
      workflow: true,
      agentRuns: { orderBy: { startedAt: "asc" } },
      approvals: { orderBy: { requestedAt: "asc" } },
      controls: { orderBy: { requestedAt: "asc" } },
    },
  });
  const rows = await prisma.workflowStep.findMany({
    where: { executionId: id, status: { not: "pending" } },
    orderBy: [{ position: "asc" }, { attempt: "desc" }],
    distinct: ["position"],
  });
  const { steps } = parseWorkflow(execution.workflow.source, execution.workflow.name).definition;
  const nameOf = (stepId: string) => steps.find((step) => step.id === stepId)?.name ?? stepId;
  const trigger = Trigger.parse(execution.trigger);
  return {
    id,
    workflow: execution.workflow.name,
    startedBy: trigger.sender.login,
    startedWith: trigger.kind,
    instructions: clipped(trigger.instructions),
    status: execution.status,
    why: clipped(execution.error),
    startedAt: execution.createdAt.toISOString(),
    endedAt: execution.finishedAt?.toISOString() ?? null,
    steps: rows.map(({ stepId, status, attempt, durationMs, error, output }) => ({
      ...{ step: nameOf(stepId), status, attempt, durationMs, error: clipped(error) },
      verified: clipped(evidenceIn(output)),
    })),
    agents: execution.agentRuns.map(({ agent, stepId, model, turns, outcome, costUsd }) => ({
      ...{ agent, step: nameOf(stepId), model, turns, outcome: clipped(outcome), costUsd: Number(costUsd) },
    })),
    decisions: execution.approvals.map(({ stepId, decision, decider, reason }) => ({
      ...{ step: nameOf(stepId), decision: decision ?? "none yet", decider, reason: clipped(reason) },
    })),
    asked: execution.controls.map(({ kind, requestedBy, text }) => ({
      kind,
      by: requestedBy,
      text: clipped(text),
    })),
    costUsd: execution.agentRuns.reduce((sum, { costUsd }) => sum + Number(costUsd), 0),
  };
}

/** What a step with `until` says of its verification. */
function evidenceIn(output: unknown): string | null {
  const { evidence } = Object(output) as { evidence?: unknown };
  return typeof evidence === "string" ? evidence : null;
}

function clipped<T extends string | null>(text: T): T | string {
  return text !== null && text.length > maxText ? `${text.slice(0, maxText).toWellFormed()}…` : text;
}

/** One line that no model has written. */
function recordOf({ id, workflow, status, steps, startedAt, costUsd }: Told): string {
  const last = steps.findLast((step) => step.status === "failed" || step.status === "cancelled");
  const at = last ? ` at the step “${last.step}”` : "";
  return `- \`${workflow}\` ${status}${at}, begun ${startedAt.slice(0, 16).replace("T", " ")} UTC, $${costUsd.toFixed(4)}, execution \`${id}\``;
}
