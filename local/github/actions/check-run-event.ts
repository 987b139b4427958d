import { emit } from "../events/emit.ts";
import type { Account, CheckRun, Hub, Repository } from "../hub.ts";
import { showCheckRunInEvent, showCheckSuite } from "../shapes/check-run.ts";
import { headCommit } from "../shapes/workflow-run.ts";

interface CheckRunEvent {
  repository: Repository;
  run: CheckRun;
  sender: Account;
  action: "created" | "completed" | "rerequested" | "requested_action";
  /** The button's identifier, for `requested_action`. */
  identifier?: string;
}

export function emitCheckRun(hub: Hub, { repository, run, sender, action, identifier }: CheckRunEvent): void {
  const isClick = action === "rerequested" || action === "requested_action";
  emit(hub, {
    event: "check_run",
    action,
    repository,
    sender,
    payload: {
      check_run: showCheckRunInEvent(hub, repository, run),
      ...(identifier ? { requested_action: { identifier } } : {}),
    },
    ...(isClick ? { onlyTo: run.app } : {}),
  });
}

/** A person clicks "Re-run all checks": the App hears of its suite, and not of each run in it. */
export async function emitSuiteRerequested(
  hub: Hub,
  { repository, run, sender }: Pick<CheckRunEvent, "repository" | "run" | "sender">,
): Promise<void> {
  const suite = showCheckSuite(hub, repository, run);
  const runs = repository.checkRuns.filter(({ suiteId }) => suiteId === run.suiteId);
  emit(hub, {
    event: "check_suite",
    action: "rerequested",
    repository,
    sender,
    payload: {
      check_suite: {
        ...suite,
        latest_check_runs_count: runs.length,
        check_runs_url: `${suite.url}/check-runs`,
        head_commit: await headCommit(hub, repository, run.headSha),
      },
    },
    onlyTo: run.app,
  });
}
