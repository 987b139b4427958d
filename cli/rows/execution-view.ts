// One execution with all that belongs to it, as it was at one moment.
import type { PoolClient } from "pg";
import type { Database } from "../../shared/db.ts";
import { Refusal } from "../../shared/errors.ts";
import type { Step } from "../../shared/step.ts";
import { readOnly } from "../read-only.ts";
import { milliseconds } from "./execution-list.ts";
import { stepsIn } from "./steps-in.ts";

export type Attempt = {
  attempt: number;
  status: string;
  error: string | null;
  startedAt: Date;
  finishedAt: Date | null;
  durationMs: number | null;
  /** A pending attempt does not begin before. */
  retryAt: Date | null;
};
export type StepView = { id: string; name: string; kind: string | null; status: string; attempts: Attempt[] };
export type AgentRunView = {
  step: string;
  round: number;
  agent: string;
  provider: string;
  model: string;
  outcome: string | null;
  turns: number;
  tokens: number;
  cachedTokens: number;
  costUsd: number;
};
export type ApprovalView = {
  step: string;
  hash: string;
  environment: string | null;
  baseSha: string | null;
  role: string | null;
  requestedAt: Date;
  expiresAt: Date;
};
export type WaitView = { step: string; event: string | null; until: Date };
export type ControlView = {
  kind: string;
  text: string;
  requestedBy: string;
  requestedAt: Date;
  obeyedAt: Date | null;
  /** Why it was not done when it was its turn. */
  refusal: string | null;
};
export type ExecutionView = Head & {
  steps: StepView[];
  agentRuns: AgentRunView[];
  costUsd: number;
  /** What is to be approved now. */
  approval: ApprovalView | null;
  wait: WaitView | null;
  controls: ControlView[];
};

type Head = {
  id: string;
  status: string;
  wish: string | null;
  error: string | null;
  repository: string;
  number: number;
  workflow: string;
  version: string;
  round: number;
  startedBy: string | null;
  /** Whether a worker has it now. */
  isHeld: boolean;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  dueAt: Date | null;
  ageMs: number;
  durationMs: number | null;
};

/** Reads an execution by its whole id. */
export function readExecution(db: Database, id: string): Promise<ExecutionView> {
  return readOnly(db, async (client) => {
    const { source, ...head } = await readHead(client, id);
    const steps = withRunning(head.status, await readSteps(client, id, stepsIn(source, head.workflow)));
    const agentRuns = await query<AgentRunView>(
      client,
      `SELECT step_id AS step, round, agent, provider, model, outcome, turns, cost_usd::float8 AS "costUsd",
              input_tokens + output_tokens + cache_read_tokens + cache_write_tokens AS tokens,
              cache_read_tokens AS "cachedTokens"
         FROM agent_runs WHERE execution_id = $1 ORDER BY started_at`,
      id,
    );
    const costUsd = agentRuns.reduce((sum, run) => sum + run.costUsd, 0);
    const isActive = head.finishedAt === null;
    const waiting = steps.find((step) => step.status === "waiting")?.id;
    const approvals = isActive ? await readApprovals(client, id) : [];
    const waits = isActive ? await readWaits(client, id) : [];
    return {
      ...head,
      steps,
      agentRuns,
      costUsd,
      approval: approvals[0] ?? null,
      wait: waits.find(({ step }) => step === waiting) ?? null,
      controls: await query<ControlView>(
        client,
        `SELECT kind, text, requested_by AS "requestedBy", requested_at AS "requestedAt", obeyed_at AS "obeyedAt", refusal
           FROM execution_controls WHERE execution_id = $1 ORDER BY requested_at`,
        id,
      ),
    };
  });
}

async function query<Row extends object>(client: PoolClient, sql: string, id: string): Promise<Row[]> {
  return (await client.query<Row>(sql, [id])).rows;
}

async function readHead(client: PoolClient, id: string): Promise<Head & { source: string }> {
  const [row] = await query<Head & { source: string }>(
    client,
    `SELECT e.id, e.status, e.wish, e.error, e.issue_number AS number, e.round, e.created_at AS "createdAt",
            e.started_at AS "startedAt", e.finished_at AS "finishedAt", e.due_at AS "dueAt",
            coalesce(e.lease_until > now(), false) AS "isHeld", e.trigger #>> '{sender,login}' AS "startedBy",
            ${milliseconds("now() - e.created_at")} AS "ageMs",
            ${milliseconds("coalesce(e.finished_at, now()) - e.started_at")} AS "durationMs",
            r.owner || '/' || r.name AS repository, w.name AS workflow, w.version, w.source
       FROM workflow_executions e JOIN repositories r ON r.id = e.repository_id JOIN workflows w ON w.id = e.workflow_id
      WHERE e.id = $1`,
    id,
  );
  if (row) return row;
  throw new Refusal(`There is no execution ${id} any more.`);
}

type StepRow = Attempt & { stepId: string };

async function readSteps(client: PoolClient, id: string, definitions: Step[]): Promise<StepView[]> {
  const rows = await query<StepRow>(
    client,
    `SELECT step_id AS "stepId", attempt, status, error, started_at AS "startedAt", finished_at AS "finishedAt",
            duration_ms AS "durationMs", retry_at AS "retryAt"
       FROM workflow_steps WHERE execution_id = $1 ORDER BY position, attempt`,
    id,
  );
  const ids = new Set([...definitions.map((step) => step.id), ...rows.map((row) => row.stepId)]);
  return [...ids].map((stepId) => {
    const attempts = rows.filter((row) => row.stepId === stepId).map(({ stepId: _, ...attempt }) => attempt);
    const definition = definitions.find((step) => step.id === stepId);
    return {
      id: stepId,
      name: definition?.name ?? stepId,
      kind: definition ? kindOf(definition) : null,
      status: attempts.at(-1)?.status ?? "pending",
      attempts,
    };
  });
}

function kindOf(step: Step): string {
  if ("tool" in step) return step.tool;
  if ("agent" in step) return `agent ${step.agent}`;
  return "approve" in step ? "approve" : "wait";
}

/** A step that only looks is written down with its result: while it runs, it is the first that has none. */
function withRunning(status: string, steps: StepView[]): StepView[] {
  const next = steps.find((step) => step.status === "pending");
  const isBegun = steps.some((step) => step.status === "running" || step.status === "waiting");
  if (status !== "running" || isBegun) return steps;
  return steps.map((step) => (step === next ? { ...step, status: "running" } : step));
}

function readApprovals(client: PoolClient, id: string): Promise<ApprovalView[]> {
  return query<ApprovalView>(
    client,
    `SELECT step_id AS step, content_hash AS hash, environment, base_sha AS "baseSha", rules ->> 'role' AS role,
            requested_at AS "requestedAt", expires_at AS "expiresAt"
       FROM approvals WHERE execution_id = $1 AND decision IS NULL
        AND round = (SELECT round FROM workflow_executions WHERE id = $1) ORDER BY requested_at DESC LIMIT 1`,
    id,
  );
}

function readWaits(client: PoolClient, id: string): Promise<WaitView[]> {
  return query<WaitView>(
    client,
    `SELECT step_id AS step, event, until FROM waits w
      WHERE execution_id = $1 AND delivery_id IS NULL
        AND round = (SELECT round FROM workflow_executions WHERE id = $1)`,
    id,
  );
}
