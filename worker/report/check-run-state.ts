// How a check run shows an execution: GitHub's words for where it stands and how it went.
import { isOverTime } from "../engine/over-time.ts";
import type { Snapshot } from "./snapshot.ts";

type Conclusion =
  | "success"
  | "failure"
  | "neutral"
  | "cancelled"
  | "skipped"
  | "timed_out"
  | "action_required";
export type CheckRunState =
  | { status: "queued" | "in_progress" }
  | { status: "completed"; conclusion: Conclusion };

export function checkRunState(snapshot: Snapshot): CheckRunState {
  const conclusion = conclusionOf(snapshot);
  if (conclusion) return { status: "completed", conclusion };
  return { status: snapshot.startedAt === null ? "queued" : "in_progress" };
}

/** What does not go on by itself is completed too. When it does, the check run is in progress again. */
function conclusionOf(snapshot: Snapshot): Conclusion | undefined {
  const { status, startedAt, approval } = snapshot;
  if (status === "succeeded") return judgement(snapshot);
  if (status === "failed") return lastError(snapshot).some(isOverTime) ? "timed_out" : "failure";
  if (status === "cancelled") return startedAt === null ? "skipped" : "cancelled";
  if (status === "paused" || (status === "waiting" && approval)) return "action_required";
  return undefined;
}

/** A review that found something is no success of the change, and fails it only when it asks for changes. */
function judgement({ findings, requestsChanges }: Snapshot): Conclusion {
  if (requestsChanges) return "failure";
  return findings.length > 0 ? "neutral" : "success";
}

function lastError({ steps }: Snapshot): (string | null)[] {
  return steps.filter(({ status }) => status === "failed").map(({ error }) => error);
}
