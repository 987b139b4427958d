import { executionUrl } from "../../shared/execution-url.ts";
import type { Octokit } from "../../shared/github.ts";
import { annotationsAtOnce, annotationsOf } from "./annotations.ts";
import type { Around } from "./around.ts";
import { buttonsFor } from "./buttons.ts";
import { checkRunState } from "./check-run-state.ts";
import { contentKey } from "./content-key.ts";
import type { Snapshot } from "./snapshot.ts";
import { body, headline, wentOn } from "./wording.ts";

/** GitHub's limit for a check run's summary is 65,535 characters. */
const maxSummary = 65_000;

/** What the execution's row says of its check run. */
export type ShownCheckRun = Pick<Snapshot, "checkRunId" | "checkRunSha" | "checkRunKey" | "isAnnotated">;

/**
 * Brings the check run on the pull request's head up to date, or leaves it when GitHub shows just that already. A head that
 * the execution pushed itself gets a check run of its own, and the one before is completed; what others push changes
 * nothing: it tells of the commit that was worked on.
 */
export async function reportCheckRun(
  octokit: Octokit,
  snapshot: Snapshot,
  around: Around,
): Promise<ShownCheckRun> {
  const { pullRequest } = snapshot;
  if (!pullRequest) return shownIn(snapshot);
  const { checkRunId: old, checkRunSha } = snapshot;
  const hasMoved = old !== null && checkRunSha !== null && checkRunSha !== pullRequest.headSha;
  if (hasMoved) await completeOld(octokit, snapshot, { id: old, headSha: pullRequest.headSha });
  const shown = hasMoved ? nothingShown : shownIn(snapshot);

  const content = (seen: Snapshot) => contentOf(seen, around);
  const checkRunKey = contentKey(snapshot, content);
  if (shown.checkRunKey === checkRunKey) return shown;
  const isOver = snapshot.status === "succeeded";
  const annotations = isOver && !shown.isAnnotated ? annotationsOf(snapshot.findings) : [];
  const checkRunId = await write(octokit, snapshot, {
    known: shown.checkRunId ?? undefined,
    headSha: pullRequest.headSha,
    content: content(snapshot),
    annotations,
    around,
  });
  return {
    checkRunId,
    checkRunSha: pullRequest.headSha,
    checkRunKey,
    isAnnotated: shown.isAnnotated || isOver,
  };
}

const nothingShown: ShownCheckRun = {
  checkRunId: null,
  checkRunSha: null,
  checkRunKey: null,
  isAnnotated: false,
};

function shownIn({ checkRunId, checkRunSha, checkRunKey, isAnnotated }: Snapshot): ShownCheckRun {
  return { checkRunId, checkRunSha, checkRunKey, isAnnotated };
}

function contentOf(snapshot: Snapshot, { publicUrl }: Around) {
  return {
    ...checkRunState(snapshot),
    ...(publicUrl && { details_url: executionUrl(publicUrl, snapshot.id) }),
    output: { title: headline(snapshot), summary: body(snapshot).slice(0, maxSummary).toWellFormed() },
    actions: buttonsFor(snapshot),
  };
}

type Content = ReturnType<typeof contentOf>;
type Annotations = ReturnType<typeof annotationsOf>;
type Writing = {
  known: bigint | undefined;
  headSha: string;
  content: Content;
  annotations: Annotations;
  around: Around;
};

async function write(octokit: Octokit, snapshot: Snapshot, writing: Writing): Promise<bigint> {
  const { content, headSha, around } = writing;
  const target = { owner: snapshot.trigger.repository.owner, repo: snapshot.trigger.repository.name };
  // GitHub adds annotations to those that are there, and an earlier report may have sent them.
  const found = snapshot.isReporting && (await findCheckRun(octokit, snapshot, headSha, around.appId));
  const annotations = found && found.annotations > 0 ? [] : writing.annotations;
  const withSome = (from: number) => ({
    ...content,
    output: { ...content.output, annotations: annotations.slice(from, from + annotationsAtOnce) },
  });
  const update = (id: bigint, from: number) =>
    octokit.rest.checks.update({ ...target, check_run_id: Number(id), ...withSome(from) });

  let id = writing.known ?? (found ? found.id : undefined);
  if (id === undefined || annotations.length > 0) await around.intend();
  if (id !== undefined) await update(id, 0);
  if (id === undefined) {
    const { data } = await octokit.rest.checks.create({
      ...target,
      name: "AFU-9",
      head_sha: headSha,
      external_id: snapshot.id,
      started_at: snapshot.startedAt?.toISOString(),
      ...withSome(0),
    });
    id = BigInt(data.id);
  }
  for (let from = annotationsAtOnce; from < annotations.length; from += annotationsAtOnce)
    await update(id, from);
  return id;
}

/** Nobody is to wait for a check run on a commit that is no longer worked on. */
async function completeOld(
  octokit: Octokit,
  snapshot: Snapshot,
  { id, headSha }: { id: bigint; headSha: string },
): Promise<void> {
  await octokit.rest.checks.update({
    owner: snapshot.trigger.repository.owner,
    repo: snapshot.trigger.repository.name,
    check_run_id: Number(id),
    status: "completed",
    conclusion: "neutral",
    output: wentOn(headSha),
    actions: [],
  });
}

async function findCheckRun(
  octokit: Octokit,
  { id, trigger }: Snapshot,
  ref: string,
  appId: number,
): Promise<{ id: bigint; annotations: number } | undefined> {
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
  return found && { id: BigInt(found.id), annotations: found.output.annotations_count };
}
