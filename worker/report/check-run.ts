import type { Octokit } from "../../shared/github.ts";
import { isParked, type Snapshot } from "./snapshot.ts";
import { body, headline } from "./wording.ts";

/** GitHub's limit for a check run's summary is 65,535 characters. */
const maxSummary = 65_000;

/** Brings the check run on the pull request's head up to date. Gives its id, or undefined while there is no head. */
export async function reportCheckRun(
  octokit: Octokit,
  snapshot: Snapshot,
  appId: number,
): Promise<bigint | undefined> {
  const { pullRequest, trigger } = snapshot;
  if (!pullRequest) return undefined;
  const target = { owner: trigger.repository.owner, repo: trigger.repository.name };
  const state = {
    ...stateOf(snapshot),
    output: { title: headline(snapshot), summary: body(snapshot).slice(0, maxSummary).toWellFormed() },
  };
  const known = snapshot.checkRunId ?? (await findCheckRun(octokit, snapshot, pullRequest.headSha, appId));
  if (known !== undefined) {
    await octokit.rest.checks.update({ ...target, check_run_id: Number(known), ...state });
    return known;
  }
  const { data } = await octokit.rest.checks.create({
    ...target,
    name: "AFU-9",
    head_sha: pullRequest.headSha,
    external_id: snapshot.id,
    started_at: snapshot.startedAt?.toISOString(),
    ...state,
  });
  return BigInt(data.id);
}

function stateOf(snapshot: Snapshot) {
  const { status } = snapshot;
  if (status === "succeeded") return { status: "completed" as const, conclusion: "success" as const };
  if (status === "failed") return { status: "completed" as const, conclusion: "failure" as const };
  if (status === "cancelled") return { status: "completed" as const, conclusion: "cancelled" as const };
  // It does not go on by itself. When it does, the check run is in progress again.
  if (isParked(snapshot)) return { status: "completed" as const, conclusion: "action_required" as const };
  return { status: "in_progress" as const };
}

async function findCheckRun(
  octokit: Octokit,
  { id, trigger }: Snapshot,
  ref: string,
  appId: number,
): Promise<bigint | undefined> {
  const { data } = await octokit.rest.checks.listForRef({
    owner: trigger.repository.owner,
    repo: trigger.repository.name,
    ref,
    check_name: "AFU-9",
    app_id: appId,
    filter: "all",
    per_page: 100,
  });
  const found = data.check_runs.find((run) => run.external_id === id);
  return found && BigInt(found.id);
}
