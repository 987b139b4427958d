import type { PoolClient } from "pg";
import { noSuchStep, stepsBeforeHaveNotRun } from "./control-wording.ts";
import { Refusal } from "./errors.ts";
import type { Step } from "./step.ts";
import { parseWorkflow } from "./workflow.ts";

type Latest = { stepId: string; attempt: number; status: string };

/**
 * Makes the steps from `from` on run again (without it, from the first that failed), and those before it that say
 * `repeat-on-retry`. What they did stays: each gets a new attempt. Approvals are asked for again as well, and hold when
 * what was approved is still the same. Throws a `Refusal` for a step that is not there.
 */
export async function repeatSteps(client: PoolClient, execution: string, from?: string): Promise<void> {
  const steps = await stepsOf(client, execution);
  const { rows: latest } = await client.query<Latest>(
    `SELECT DISTINCT ON (step_id) step_id AS "stepId", attempt, status
       FROM workflow_steps WHERE execution_id = $1 ORDER BY step_id, attempt DESC`,
    [execution],
  );
  const statusOf = (id: string) => latest.find(({ stepId }) => stepId === id)?.status;
  const first = steps.findIndex((step) => (from ? step.id === from : isToBeRetried(step, statusOf(step.id))));
  if (from && first < 0)
    throw new Refusal(
      noSuchStep(
        from,
        steps.map(({ id }) => id),
      ),
    );
  if (from && steps.slice(0, first).some(({ id }) => !statusOf(id)))
    throw new Refusal(stepsBeforeHaveNotRun(from));

  const repeated = steps.filter(
    (step, position) =>
      (first >= 0 && position >= first) || (isLookedAtAgain(step) && statusOf(step.id) === "succeeded"),
  );
  await client.query(
    `INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status)
     SELECT DISTINCT ON (step_id) execution_month, execution_id, step_id, attempt + 1, position, 'pending'
       FROM workflow_steps WHERE execution_id = $1 AND step_id = ANY($2) ORDER BY step_id, attempt DESC`,
    [execution, repeated.map(({ id }) => id)],
  );
}

/** A failure that was forgiven is none; a step that never got to its end is one. */
function isToBeRetried(step: Step, status: string | undefined): boolean {
  if (status === "failed") return !step["continue-on-error"];
  return status !== "succeeded" && status !== "skipped";
}

function isLookedAtAgain(step: Step): boolean {
  return "approve" in step || step["repeat-on-retry"];
}

async function stepsOf(client: PoolClient, execution: string): Promise<Step[]> {
  const { rows } = await client.query<{ source: string; name: string }>(
    `SELECT w.source, w.name FROM workflows w JOIN workflow_executions e ON e.workflow_id = w.id WHERE e.id = $1`,
    [execution],
  );
  const [row] = rows;
  return row ? parseWorkflow(row.source, row.name).definition.steps : [];
}
