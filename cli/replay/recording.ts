// What an execution did, read from its rows: the results that a replay gives instead of asking for them again.
import { z } from "zod";
import type { Database } from "../../shared/db.ts";
import { Refusal } from "../../shared/errors.ts";
import { RepositoryConfig } from "../../shared/repository-config.ts";
import { Trigger } from "../../shared/trigger.ts";
import { parseWorkflow, type Workflow } from "../../shared/workflow.ts";
import { type Background, createBackground } from "../../worker/agent/background.ts";
import { recalled } from "../../worker/engine/artifacts.ts";
import type { Message, ToolSpec } from "../../worker/llm/model.ts";

export type RecordedStep = {
  status: string;
  input: unknown;
  output: unknown;
  error: string | null;
};

export type RecordedCall = {
  tool: string;
  arguments: unknown;
  result: unknown;
  error: string | null;
};

export type RecordedRun = {
  agent: string;
  provider: string;
  model: string;
  system: string | null;
  tools: ToolSpec[];
  messages: Message[];
  /** What the execution had spent on models when the run ended, in USD. */
  spentUsd: number;
};

export type Recording = {
  id: string;
  status: string;
  trigger: Trigger;
  /** The repository's configuration that it ran with. */
  config: RepositoryConfig;
  /** Where people reached the app then. */
  publicUrl: string | undefined;
  definition: Workflow;
  background: Background;
  /** The latest attempt at each step. */
  steps: Map<string, RecordedStep>;
  /** The tool calls of each step, in their order; those of an agent from its last round. */
  calls: Map<string, RecordedCall[]>;
  runs: Map<string, RecordedRun>;
  /** What people said to the agents, by the control that brought it. */
  steering: Map<string, { text: string; requestedBy: string }>;
};

/** Reads a recording. Throws a `Refusal` for an execution that is not there or has not begun. */
export async function readRecording(db: Database, id: string): Promise<Recording> {
  const execution = await db.prisma.workflowExecution.findUnique({
    where: { id },
    include: {
      workflow: true,
      agentRuns: { include: { messages: { orderBy: { sequence: "asc" } } }, orderBy: { round: "asc" } },
      toolCalls: { orderBy: { sequence: "asc" } },
      controls: { where: { kind: "steer" } },
    },
  });
  if (!execution) throw new Refusal(`There is no execution ${id}.`);
  const rows = await db.prisma.workflowStep.findMany({
    where: { executionId: id, status: { not: "pending" } },
    orderBy: { attempt: "asc" },
  });
  if (rows.length === 0)
    throw new Refusal(`The execution ${id} has done nothing yet that could be replayed.`);

  const steps = new Map<string, RecordedStep>();
  for (const { stepId, status, error, ...row } of rows) {
    const [input, output] = await Promise.all(
      [row.input, row.output].map((value) => recalled(db.pool, id, value)),
    );
    steps.set(stepId, { status, error, input, output });
  }
  // The rounds come in their order: of each step the last one stays.
  const runs = new Map(execution.agentRuns.map((run) => [run.stepId, run]));
  const calls = Map.groupBy(
    execution.toolCalls.filter(
      ({ stepId, startedAt }) => startedAt >= (runs.get(stepId)?.startedAt ?? startedAt),
    ),
    ({ stepId }) => stepId,
  );
  return {
    id,
    status: execution.status,
    trigger: Trigger.parse(execution.trigger),
    config: RepositoryConfig.parse(execution.config ?? {}),
    publicUrl: execution.publicUrl ?? undefined,
    background: createBackground(db.pool, { id, trigger: Trigger.parse(execution.trigger) }),
    definition: parseWorkflow(execution.workflow.source, execution.workflow.name).definition,
    steps,
    calls: new Map(
      [...calls].map(([step, made]) => [
        step,
        made.map((call) => ({ ...call, tool: `${call.server}.${call.tool}` })),
      ]),
    ),
    runs: new Map(
      [...runs].map(([step, { agent, provider, model, systemPrompt, tools, messages, startedAt }]) => [
        step,
        {
          agent,
          provider,
          model,
          system: systemPrompt,
          tools: Tools.parse(tools ?? []),
          messages: messages.map(({ message }) => message as Message),
          spentUsd: execution.agentRuns
            .filter((other) => other.startedAt <= startedAt)
            .reduce((sum, { costUsd }) => sum + Number(costUsd), 0),
        },
      ]),
    ),
    steering: new Map(
      execution.controls.map(({ id: control, text, requestedBy }) => [control, { text, requestedBy }]),
    ),
  };
}

const Tools = z.array(
  z.object({ name: z.string(), description: z.string(), inputSchema: z.record(z.string(), z.unknown()) }),
);
