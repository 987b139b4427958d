// Everything that a report shows of an execution, read from the rows.
import { type Account, readAccounts } from "../../shared/budget.ts";
import type { Database } from "../../shared/db.ts";
import { tellers } from "../../shared/executions-about.ts";
import { builtIn } from "../../shared/repository-tools.ts";
import { ApprovalRules } from "../../shared/step.ts";
import { Trigger } from "../../shared/trigger.ts";
import { parseWorkflow } from "../../shared/workflow.ts";
import { type Outputs, outputsOf } from "./outputs.ts";

export type StepRow = {
  id: string;
  name: string;
  status: string;
  attempt: number;
  durationMs: number | null;
  error: string | null;
  /** When the next attempt begins, of one that has failed and is tried again. */
  retryAt: Date | null;
};

/** What people are asked to agree with. */
export type PendingApproval = {
  hash: string;
  content: unknown;
  baseSha: string | null;
  environment: string | null;
  rules: ApprovalRules;
  expiresAt: Date;
};

export type PendingWait = { event: string | null; until: Date };

export type Snapshot = Outputs & {
  id: string;
  revision: number;
  /** Grows when a person has it tried again. */
  round: number;
  /** The revision that the report before showed; -1 before the first one. */
  reported: number;
  /** Of its latest claim. */
  fence: bigint;
  status: string;
  wish: string | null;
  error: string | null;
  trigger: Trigger;
  slot: string;
  /** What the repository says of itself; null before it was read. */
  config: unknown;
  /** What is wrong with that, and what was gone by instead. */
  configNotice: string | null;
  /** Whether the App may write there. */
  isReachable: boolean;
  commentId: bigint | null;
  /** GraphQL's id of it; null when it was made before those were kept. */
  commentNode: string | null;
  commentKey: string | null;
  checkRunId: bigint | null;
  checkRunNode: string | null;
  checkRunSha: string | null;
  checkRunKey: string | null;
  isAnnotated: boolean;
  stateLabel: string | null;
  /** Whether an earlier report may have made something that its row does not know of. */
  isReporting: boolean;
  steps: StepRow[];
  approval?: PendingApproval;
  wait?: PendingWait;
  /** Messages to the agent that no turn has taken up yet. */
  unsaid: number;
  /** Why messages to the agent are not said. */
  refusals: string[];
  turns: number;
  tokens: number;
  costUsd: number;
  /** What the execution, and all it belongs to, has spent and may spend. Empty before the first turn. */
  accounts: Account[];
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
};

/** Whether it is paused for a decision that it asks people for, and not because one of them paused it. */
export function isParked({ status, error }: Pick<Snapshot, "status" | "error">): boolean {
  return status === "paused" && error !== null;
}

/** Reads an execution as it is now. Gives undefined for an id that is not there. */
export async function readSnapshot({ prisma, pool }: Database, id: string): Promise<Snapshot | undefined> {
  const execution = await prisma.workflowExecution.findUnique({
    where: { id },
    include: {
      workflow: true,
      repository: true,
      agentRuns: true,
      approvals: { where: { decision: null }, orderBy: { requestedAt: "desc" } },
      controls: { where: { kind: "steer", OR: [{ obeyedAt: null }, { refusal: { not: null } }] } },
      waits: true,
    },
  });
  if (!execution) return undefined;
  // Of each step the latest attempt counts.
  const rows = await prisma.workflowStep.findMany({
    where: { executionId: id },
    orderBy: { attempt: "desc" },
    distinct: ["stepId"],
  });
  const { definition } = parseWorkflow(execution.workflow.source, execution.workflow.name);
  const rowOf = (step: { id: string }) => rows.find((row) => row.stepId === step.id);
  const trigger = triggerNow(execution);
  const onlyTells = execution.workflow.origin === builtIn && tellers.includes(execution.workflow.name);
  const waiting = rows.find((row) => row.status === "waiting");

  return {
    ...execution,
    ...outputsOf(definition.steps, rows, onlyTells ? undefined : trigger.pullRequest),
    trigger,
    isReachable: execution.repository.state === "active",
    steps: withRunning(
      execution.status,
      definition.steps.map((step) => ({
        ...pending,
        ...rowOf(step),
        id: step.id,
        name: step.name ?? step.id,
      })),
    ),
    approval: pendingApproval(execution.approvals.find(({ round }) => round === execution.round)),
    wait: execution.waits.find((wait) => wait.stepId === waiting?.stepId && wait.round === execution.round),
    unsaid: execution.controls.filter(({ obeyedAt }) => obeyedAt === null).length,
    refusals: [...new Set(execution.controls.flatMap(({ refusal }) => refusal ?? []))],
    turns: sum(execution.agentRuns.map((run) => run.turns)),
    tokens: sum(
      execution.agentRuns.map(
        (run) => run.inputTokens + run.outputTokens + run.cacheReadTokens + run.cacheWriteTokens,
      ),
    ),
    costUsd: sum(execution.agentRuns.map((run) => Number(run.costUsd))),
    accounts: await readAccounts(pool, id),
  };
}

type Row = {
  trigger: unknown;
  repository: { installationId: bigint; owner: string; name: string };
};

/** The repository may have another name, or another installation, than when the execution began. */
function triggerNow({ trigger, repository: { installationId, owner, name } }: Row): Trigger {
  const then = Trigger.parse(trigger);
  return {
    ...then,
    installation: Number(installationId),
    repository: { ...then.repository, owner, name },
  };
}

const pending = { status: "pending", attempt: 1, durationMs: null, error: null, retryAt: null };

/** A step that only looks is written down with its result: while it runs, it is the first that has none. */
function withRunning(status: string, steps: StepRow[]): StepRow[] {
  const next = steps.findIndex((step) => step.status === "pending");
  const isBegun = steps.some((step) => step.status === "running" || step.status === "waiting");
  if (status !== "running" || isBegun) return steps;
  return steps.map((step, position) => (position === next ? { ...step, status: "running" } : step));
}

type ApprovalRow = Omit<PendingApproval, "hash" | "rules"> & { contentHash: string; rules: unknown };

function pendingApproval(row: ApprovalRow | undefined): PendingApproval | undefined {
  return row && { ...row, hash: row.contentHash, rules: ApprovalRules.parse(row.rules) };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
