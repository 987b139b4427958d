// Reports are projections of the rows: rendered anew when rows have changed, coalesced, and the last write wins.
import type { Database } from "../../shared/db.ts";
import type { GitHubApp } from "../../shared/github.ts";
import type { Logger } from "../../shared/logger.ts";
import type { Queues } from "../../shared/queue.ts";
import { reportCheckRun } from "./check-run.ts";
import { reportComment } from "./comment.ts";
import { readSnapshot } from "./snapshot.ts";

export type ReportDeps = { db: Database; queues: Queues; github: GitHubApp; log: Logger };

/** Changes within this time become one update. */
const coalesceMs = 10_000;

/** Asks for a report of an execution: `now`, as when it begins or has ended, or together with the changes that follow. */
export async function requestReport(queues: Queues, id: string, { now = false } = {}): Promise<void> {
  await queues.nudge("reports", id, { delayMs: now ? 0 : coalesceMs });
}

export function takeReports(deps: ReportDeps): void {
  deps.queues.work("reports", (id) => report(id, deps), { concurrency: 5 });
}

/** Brings the comment and the check run of one execution up to date, and writes down which revision they show. */
export async function report(id: string, { db, github, queues, log }: ReportDeps): Promise<void> {
  const snapshot = await readSnapshot(db, id);
  if (!snapshot) return;
  const { installation, repository } = snapshot.trigger;
  const octokit = github.octokitFor({
    installation,
    repo: repository.name,
    permissions: { issues: "write", checks: "write" },
  });

  const commentId = await reportComment(octokit, snapshot);
  await db.prisma.workflowExecution.update({ where: { id }, data: { commentId } });
  const checkRunId = await reportCheckRun(octokit, snapshot);
  const row = await db.prisma.workflowExecution.update({
    where: { id },
    data: { checkRunId, reported: snapshot.revision },
  });
  log.info({ execution_id: id, revision: snapshot.revision, status: snapshot.status }, "report written");
  if (row.revision > snapshot.revision) await requestReport(queues, id, { now: row.finishedAt !== null });
}
