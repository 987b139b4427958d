// Reports are projections of the rows: rendered anew when rows have changed, coalesced, and the last write wins.
import type { Database } from "../../shared/db.ts";
import type { GitHubApp } from "../../shared/github.ts";
import type { Logger } from "../../shared/logger.ts";
import type { Queues } from "../../shared/queue.ts";
import type { Permissions } from "../../shared/scoped-auth.ts";
import { withLock } from "../../shared/with-lock.ts";
import { reportCheckRun } from "./check-run.ts";
import { reportComment } from "./comment.ts";
import { postQuestion } from "./question.ts";
import { readSnapshot } from "./snapshot.ts";

export type ReportDeps = { db: Database; queues: Queues; github: GitHubApp; log: Logger };

/** What reports need on GitHub. */
export const reportPermissions: Permissions = { issues: "write", checks: "write" };

/** Changes within this time become one update. */
export const coalesceMs = 10_000;

/** Asks for a report of an execution: `now`, as when it begins or has ended, or together with the changes that follow. */
export async function requestReport(queues: Queues, id: string, { now = false } = {}): Promise<void> {
  await queues.nudge("reports", id, now ? { hurry: true } : { delayMs: coalesceMs });
}

export function takeReports(deps: ReportDeps): void {
  deps.queues.work("reports", (id) => report(id, deps), { concurrency: 5 });
}

/**
 * Brings the comment and the check run of one execution up to date, one report at a time: a job whose worker stalled
 * runs twice, and two reports at once would make two comments, or end with the older one.
 */
export async function report(id: string, deps: ReportDeps): Promise<void> {
  const isMine = await withLock(deps.db.pool, `report ${id}`, () => reportOnce(id, deps));
  if (!isMine) await requestReport(deps.queues, id);
}

/** Writes down which revision is shown. What is wrong with the comment does not keep the check run from its end. */
async function reportOnce(id: string, { db, github, queues, log }: ReportDeps): Promise<void> {
  const snapshot = await readSnapshot(db, id);
  if (!snapshot) return;
  const { installation, repository } = snapshot.trigger;
  const octokit = github.octokitFor({
    installation,
    repo: repository.name,
    permissions: reportPermissions,
  });

  const { workflowExecution } = db.prisma;
  const commented = reportComment(octokit, snapshot, github.id).then((commentId) =>
    workflowExecution.update({ where: { id }, data: { commentId: commentId ?? null } }),
  );
  const checked = reportCheckRun(octokit, snapshot, github.id).then((checkRunId) =>
    workflowExecution.update({ where: { id }, data: { checkRunId } }),
  );
  await Promise.allSettled([commented, checked]);
  const { commentId } = await commented;
  await checked;
  // Where the issue is gone there is nobody to ask.
  if (commentId !== null) await postQuestion(octokit, snapshot, github.id);
  const row = await workflowExecution.update({ where: { id }, data: { reported: snapshot.revision } });
  log.info({ execution_id: id, revision: snapshot.revision, status: snapshot.status }, "report written");
  if (row.revision > snapshot.revision) await requestReport(queues, id, { now: row.finishedAt !== null });
}
