// Reports are projections of the rows: rendered anew when rows have changed, coalesced, and the last write wins.
import type { Database } from "../../shared/db.ts";
import type { GitHubApp, Octokit } from "../../shared/github.ts";
import type { Logger } from "../../shared/logger.ts";
import type { Queues } from "../../shared/queue.ts";
import type { Permissions } from "../../shared/scoped-auth.ts";
import type { Trigger } from "../../shared/trigger.ts";
import { withLock } from "../../shared/with-lock.ts";
import type { Around } from "./around.ts";
import { reportCheckRun } from "./check-run.ts";
import { reportComment } from "./comment.ts";
import { reportLabel } from "./labels.ts";
import { nodesOf } from "./nodes.ts";
import { inOneRequest } from "./one-request.ts";
import { postQuestion } from "./question.ts";
import { reportReaction } from "./reaction.ts";
import { readSnapshot, type Snapshot } from "./snapshot.ts";

export type ReportDeps = {
  db: Database;
  queues: Queues;
  github: GitHubApp;
  /** Where people see the Control Center, without a slash at its end. */
  publicUrl?: string | undefined;
  /** GitHub's address for people. */
  serverUrl: string;
  log: Logger;
};

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
 * Brings the comment, the check run and the label of one execution up to date, one report at a time: a job whose worker
 * stalled runs twice, and two reports at once would make two comments, or end with the older one.
 */
export async function report(id: string, deps: ReportDeps): Promise<void> {
  const isMine = await withLock(deps.db.pool, `report ${id}`, () => reportOnce(id, deps));
  if (!isMine) await requestReport(deps.queues, id);
}

/** Writes down which revision is shown. What is wrong with one part does not keep the others from their end. */
async function reportOnce(id: string, deps: ReportDeps): Promise<void> {
  const { db, queues, log } = deps;
  const snapshot = await readSnapshot(db, id);
  // Where the App may not write nobody is told. When it may again, a chore finds what was not reported.
  if (!snapshot?.isReachable) return;
  const { installation, repository } = snapshot.trigger;
  const octokit = deps.github.octokitFor({
    installation,
    repo: repository.name,
    permissions: permissionsFor(snapshot.trigger),
  });
  const commentId = await writeParts(octokit, snapshot, deps);
  // Where the issue is gone there is nobody to ask.
  if (commentId !== null) await postQuestion(octokit, snapshot, deps.github.id);
  const row = await db.prisma.workflowExecution.update({
    where: { id },
    data: { reported: snapshot.revision, isReporting: false },
  });
  log.info({ execution_id: id, revision: snapshot.revision, status: snapshot.status }, "report written");
  if (row.revision > snapshot.revision) await requestReport(queues, id, { now: row.finishedAt !== null });
}

/** On a pull request GitHub asks for the permission on pull requests, too: from a fork it refuses labels without. */
function permissionsFor({ pullRequest, source }: Trigger): Permissions {
  const isOnPull = pullRequest !== undefined || (source !== undefined && source.kind !== "comment");
  return isOnPull ? { ...reportPermissions, pull_requests: "write" } : reportPermissions;
}

/** Each part is written down when it is done. Gives the comment's id, or null when there is none. Throws what went wrong. */
async function writeParts(octokit: Octokit, snapshot: Snapshot, deps: ReportDeps): Promise<bigint | null> {
  const { pool, prisma } = deps.db;
  const { workflowExecution } = prisma;
  type Data = Parameters<typeof workflowExecution.update>[0]["data"];
  const save = async <T extends Data>(data: T) => {
    await workflowExecution.update({ where: { id: snapshot.id }, data });
    return data;
  };
  const around: Around = {
    octokit,
    nodes: nodesOf(octokit, snapshot.trigger),
    appId: deps.github.id,
    publicUrl: deps.publicUrl,
    serverUrl: deps.serverUrl,
    intend: async () => void (await save({ isReporting: true })),
  };
  const outcomes = await inOneRequest(octokit, [
    async (mutate) => save(await reportComment(mutate, snapshot, around)),
    async (mutate) => save(await reportCheckRun(mutate, snapshot, around)),
    async (mutate) => save({ stateLabel: await reportLabel(mutate, snapshot, { ...around, pool }) }),
    async (mutate) => reportReaction(mutate, snapshot, deps.log),
  ]);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  const [commented] = outcomes;
  return commented.status === "fulfilled" ? commented.value.commentId : null;
}
