// A chain whose last rows were removed is a chain. What else tells of calls are the steps and the transcripts.
import type { PoolClient } from "pg";
import type { Step } from "../../shared/step.ts";
import { plural } from "../../shared/terminal-text.ts";
import { stepsIn } from "../rows/steps-in.ts";
import type { Break, Chain } from "./verify-chain.ts";

type Count = { step: string; tool: string; calls: number };

/** Compares an unbroken chain with the calls that steps and transcripts tell of. */
export async function findMissingEnd(client: PoolClient, chain: Chain): Promise<Break | undefined> {
  const { execution, calls } = chain;
  const { rows: made } = await client.query<Count>(
    "SELECT step_id AS step, tool, count(*)::int AS calls FROM mcp_tool_calls WHERE execution_id = $1 GROUP BY 1, 2",
    [execution],
  );
  for (const { step, tool, calls: told } of await readTold(client, execution)) {
    const found = made.find((one) => one.step === step && one.tool === tool)?.calls ?? 0;
    if (found >= told) continue;
    const what = `rows after the last one were removed: the step ${step} made ${plural(told, "call")} of it, and ${found} of them ${found === 1 ? "is" : "are"} there`;
    return { sequence: calls + 1, tool, differs: "end", what };
  }
  return undefined;
}

/** The least number of calls that there must have been, of each tool in each step. */
async function readTold(client: PoolClient, execution: string): Promise<Count[]> {
  const definitions = await readDefinitions(client, execution);
  const steps = await client.query<{ step: string; calls: number }>(
    `SELECT step_id AS step, count(*)::int AS calls FROM workflow_steps
      WHERE execution_id = $1 AND status = 'succeeded' GROUP BY 1`,
    [execution],
  );
  // A call that was refused before it was made took no time.
  const results = await client.query<Count>(
    `SELECT a.step_id AS step, m.message ->> 'name' AS tool, count(*)::int AS calls
       FROM agent_runs a JOIN agent_messages m ON m.agent_run_id = a.id
      WHERE a.execution_id = $1 AND m.message ->> 'role' = 'tool'
        AND NOT (m.message ->> 'isError' = 'true' AND m.message ->> 'durationMs' = '0') GROUP BY 1, 2`,
    [execution],
  );
  const verifications = await client.query<{ step: string; calls: number }>(
    `SELECT a.step_id AS step, sum((a.outcome IS NOT DISTINCT FROM 'finished')::int
              + (SELECT count(*) FROM agent_messages m
                  WHERE m.agent_run_id = a.id AND m.message ->> 'kind' = 'verification'))::int AS calls
       FROM agent_runs a WHERE a.execution_id = $1 GROUP BY 1`,
    [execution],
  );
  const byTool = ({ step, calls }: { step: string; calls: number }, tool: string | undefined) =>
    tool ? [{ step, tool: tool.slice(tool.indexOf(".") + 1), calls }] : [];
  return [
    ...results.rows,
    ...steps.rows.flatMap((row) => byTool(row, toolOf(definitions.get(row.step)))),
    ...verifications.rows.flatMap((row) => byTool(row, untilOf(definitions.get(row.step)))),
  ];
}

function toolOf(step: Step | undefined): string | undefined {
  return step && "tool" in step ? step.tool : undefined;
}

function untilOf(step: Step | undefined): string | undefined {
  return step && "agent" in step ? step.until : undefined;
}

async function readDefinitions(client: PoolClient, execution: string): Promise<Map<string, Step>> {
  const { rows } = await client.query<{ source: string; name: string }>(
    "SELECT w.source, w.name FROM workflows w JOIN workflow_executions e ON e.workflow_id = w.id WHERE e.id = $1",
    [execution],
  );
  const steps = rows.flatMap(({ source, name }) => stepsIn(source, name));
  return new Map(steps.map((step) => [step.id, step]));
}
