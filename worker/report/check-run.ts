import { executionUrl } from "../../shared/execution-url.ts";
import { annotationsOf } from "./annotations.ts";
import type { Around } from "./around.ts";
import { buttonsFor } from "./buttons.ts";
import { checkRunState } from "./check-run-state.ts";
import { contentKey } from "./content-key.ts";
import type { Mutate } from "./one-request.ts";
import type { Snapshot } from "./snapshot.ts";
import { body, headline } from "./wording.ts";
import { completionOf, type ShownCheckRun, writeCheckRun } from "./write-check-run.ts";

/** GitHub's limit for a check run's summary is 65,535 characters. */
const maxSummary = 65_000;

/**
 * Brings the check run on the pull request's head up to date, or leaves it when GitHub shows just that already. A head that
 * the execution pushed itself gets a check run of its own, and the one before is completed; what others push changes
 * nothing: it tells of the commit that was worked on.
 */
export async function reportCheckRun(
  mutate: Mutate,
  snapshot: Snapshot,
  around: Around,
): Promise<ShownCheckRun> {
  const { pullRequest } = snapshot;
  if (!pullRequest) return shownIn(snapshot);
  const { checkRunId, checkRunSha } = snapshot;
  const hasMoved = checkRunId !== null && checkRunSha !== null && checkRunSha !== pullRequest.headSha;
  const shown = hasMoved ? nothingShown : shownIn(snapshot);
  const checkRunKey = contentKey(snapshot, (seen) => contentOf(seen, around));
  if (shown.checkRunKey === checkRunKey) return shown;

  const isOver = snapshot.status === "succeeded";
  const made = await writeCheckRun(mutate, snapshot, {
    shown,
    headSha: pullRequest.headSha,
    before: hasMoved ? await completionOf(snapshot, pullRequest.headSha, around) : [],
    content: contentOf(snapshot, around),
    annotations: isOver && !shown.isAnnotated ? annotationsOf(snapshot.findings) : [],
    around,
  });
  return {
    ...made,
    checkRunSha: pullRequest.headSha,
    checkRunKey,
    isAnnotated: shown.isAnnotated || isOver,
  };
}

const nothingShown: ShownCheckRun = {
  checkRunId: null,
  checkRunNode: null,
  checkRunSha: null,
  checkRunKey: null,
  isAnnotated: false,
};

function shownIn({ checkRunId, checkRunNode, checkRunSha, checkRunKey, isAnnotated }: Snapshot) {
  return { checkRunId, checkRunNode, checkRunSha, checkRunKey, isAnnotated };
}

/** In GraphQL's words, which are in capital letters. */
function contentOf(snapshot: Snapshot, { publicUrl }: Pick<Around, "publicUrl">) {
  const state = checkRunState(snapshot);
  return {
    status: state.status.toUpperCase(),
    ...("conclusion" in state && { conclusion: state.conclusion.toUpperCase() }),
    ...(publicUrl && { detailsUrl: executionUrl(publicUrl, snapshot.id) }),
    output: { title: headline(snapshot), summary: body(snapshot).slice(0, maxSummary).toWellFormed() },
    actions: buttonsFor(snapshot),
  };
}
