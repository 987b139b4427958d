import { z } from "zod";
import { messageOf } from "../../shared/errors.ts";
import { currentTrigger, Trigger } from "../../shared/trigger.ts";
import { type ReportDeps, reportPermissions, requestReport } from "../report/report.ts";

const Row = z.object({ id: z.string(), trigger: Trigger, checkRunId: z.coerce.number() });
type Row = z.infer<typeof Row>;

/**
 * Asks GitHub how the check runs of ended executions are shown, and has those reported anew that are not completed: a
 * late write of a worker that had stalled opens a check run again, and the rows do not know of it. Those that ended two
 * minutes ago or less are looked at each time, older ones the more seldom.
 */
export async function closeCheckRuns(deps: ReportDeps): Promise<void> {
  const { rows } = await deps.db.pool.query(
    `SELECT e.id, ${currentTrigger} AS trigger, check_run_id AS "checkRunId"
       FROM workflow_executions e JOIN repositories r ON r.id = e.repository_id
      WHERE r.state = 'active' AND check_run_id IS NOT NULL AND finished_at BETWEEN now() - interval '7 days' AND now() - interval '1 minute'
        AND random() < 120 / extract(epoch FROM now() - finished_at) LIMIT 50`,
  );
  for (const row of z.array(Row).parse(rows)) {
    try {
      if (!(await isOpen(row, deps))) continue;
      // GitHub does not show what the row believes.
      await deps.db.pool.query("UPDATE workflow_executions SET check_run_key = NULL WHERE id = $1", [row.id]);
      await requestReport(deps.queues, row.id, { now: true });
    } catch (error) {
      // A repository that is gone must not hide the others.
      deps.log.warn({ execution_id: row.id, error: messageOf(error) }, "check run not looked at");
    }
  }
}

async function isOpen({ trigger, checkRunId }: Row, { github }: ReportDeps): Promise<boolean> {
  const { installation, repository } = trigger;
  const octokit = github.octokitFor({ installation, repo: repository.name, permissions: reportPermissions });
  const target = { owner: repository.owner, repo: repository.name, check_run_id: checkRunId };
  const { data } = await octokit.rest.checks.get(target);
  return data.status !== "completed";
}
