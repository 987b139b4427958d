// A maintainer adopts a pull request from a fork: its commits get a branch of the repository's own, where AFU-9 may push.
import { builtIn } from "./repository-tools.ts";
import type { Trigger } from "./trigger.ts";

/** How the names of such branches begin; the number of the fork's pull request follows. */
export const adoptedBranch = "afu9/adopt-";

/** What adopting takes beside what may be used on every fork's pull request. None of it touches the fork. */
export const adoptingTools: ReadonlySet<string> = new Set(["github.adoptHead", "github.createPullRequest"]);

/** Whether an execution is of the workflow that adopts. No repository's workflow is. */
export function isAdopting({ origin, workflow }: { origin: string; workflow: string }): boolean {
  return origin === builtIn && workflow === "adopt";
}

/** Whether a pull request has the commits of a fork that was adopted. */
export function isAdopted({ pullRequest }: Pick<Trigger, "pullRequest">): boolean {
  return pullRequest?.head.ref.startsWith(adoptedBranch) ?? false;
}
