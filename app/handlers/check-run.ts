import type { Context } from "probot";
import { buttonOf } from "../../shared/check-run-button.ts";
import type { AppDeps } from "../deps.ts";
import { type Clicked, executionOfCheckRun, retryable } from "../find-clicked.ts";
import { press } from "../press-button.ts";

/** A person clicked one of the buttons that AFU-9 put on its check run. What the button is not, does nothing. */
export async function onCheckRunAction(
  context: Context<"check_run.requested_action">,
  deps: AppDeps,
): Promise<void> {
  const button = buttonOf(context.payload.requested_action?.identifier ?? "");
  const clicked = button && (await clickedOn(context, deps));
  if (!clicked) return;
  const label = `${button.action.slice(0, 1).toUpperCase()}${button.action.slice(1)}`;
  await press({ ...button, ...clicked, label, key: context.id }, { context, deps });
}

/** A person clicked "Re-run": it goes on from the step that failed. */
export async function onCheckRunRerequested(
  context: Context<"check_run.rerequested">,
  deps: AppDeps,
): Promise<void> {
  const clicked = await clickedOn(context, deps);
  if (clicked)
    await press({ action: "retry", label: "Re-run", ...clicked, key: context.id }, { context, deps });
}

/** A person clicked "Re-run all checks": what has failed on that commit goes on. */
export async function onCheckSuiteRerequested(
  context: Context<"check_suite.rerequested">,
  deps: AppDeps,
): Promise<void> {
  const { check_suite: suite, repository } = context.payload;
  if (suite.app.id !== deps.appId) return;
  for (const clicked of await retryable(deps.db, { repository: repository.id, sha: suite.head_sha }))
    await press(
      { action: "retry", label: "Re-run all checks", ...clicked, key: `${context.id}:${clicked.execution}` },
      { context, deps },
    );
}

/** The execution behind a check run. Only one of this App counts. */
async function clickedOn(
  context: Context<"check_run.requested_action"> | Context<"check_run.rerequested">,
  deps: AppDeps,
): Promise<Clicked | undefined> {
  const { check_run: run, repository } = context.payload;
  if (run.app?.id !== deps.appId) return undefined;
  const found = await executionOfCheckRun(deps.db, {
    repository: repository.id,
    externalId: run.external_id ?? "",
  });
  // Of a fork's commit GitHub names no pull request.
  return found && { ...found, place: run.pull_requests[0]?.number ?? found.place };
}
