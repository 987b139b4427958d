// How often AFU-9 may go on from what it pushed itself.
import type { Context } from "probot";
import type { Database } from "../../shared/db.ts";
import type { TriggerPullRequest } from "../../shared/trigger.ts";

/** Two tries that did not help are no reason to believe in a third. */
export const maxRounds = 2;

type Asking = Pick<Context, "octokit"> & {
  repo(): { owner: string; repo: string };
  payload: { repository: { id: number } };
};

/**
 * How many executions the runs of a pull request's branch have started since a person last pushed to it: those that
 * began at one of the App's own commits at the branch's end, or at the person's commit below them.
 */
export async function roundsOf(
  { number, head }: TriggerPullRequest,
  context: Asking,
  { db }: { db: Pick<Database, "pool"> },
): Promise<number> {
  const { data: commits } = await context.octokit.rest.repos.listCommits({
    ...context.repo(),
    sha: head.sha,
    // Each round makes one commit at most, and there are few: a page is more than enough.
    per_page: 30,
  });
  const persons = commits.findIndex(({ author }) => author?.type !== "Bot");
  const since = commits.slice(0, persons < 0 ? commits.length : persons + 1).map(({ sha }) => sha);
  const { rows } = await db.pool.query<{ rounds: number }>(
    `SELECT count(*)::int AS rounds FROM workflow_executions
      WHERE repository_id = $1 AND issue_number = $2 AND trigger->>'kind' = 'workflow_run'
        AND trigger->'pullRequest'->'head'->>'sha' = ANY($3)`,
    [context.payload.repository.id, number, since],
  );
  return rows[0]?.rounds ?? 0;
}
