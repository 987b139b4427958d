import type { Context } from "probot";
import type { Database } from "../shared/db.ts";
import type { TriggerPullRequest } from "../shared/trigger.ts";
import { openerOf } from "./find-execution.ts";

type Asking = Pick<Context, "octokit"> & { repo(): { owner: string; repo: string } };
type End = { ref: string; sha: string };
type GivenPull = {
  number: number;
  state: string;
  head: End & { repo: { id: number; full_name: string } | null };
  base: End & { repo: { id: number } };
};

/** A pull request as GitHub has it now. */
export async function readPullRequest(
  context: Asking,
  number: number,
  db: Database,
): Promise<TriggerPullRequest> {
  const { data } = await context.octokit.rest.pulls.get({ ...context.repo(), pull_number: number });
  return pullRequestOf(data, db);
}

/** GitHub's pull request in our own shape. Whether AFU-9 opened it, its own rows know. */
export async function pullRequestOf(
  { number, head, base }: Omit<GivenPull, "state">,
  db: Database,
): Promise<TriggerPullRequest> {
  return {
    number,
    head: { ref: head.ref, sha: head.sha, repository: head.repo?.full_name ?? null },
    base: { ref: base.ref, sha: base.sha },
    isFork: head.repo?.id !== base.repo.id,
    byApp: (await openerOf(db, base.repo.id, number)) !== undefined,
  };
}
