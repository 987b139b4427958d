import { buttonId } from "../../shared/check-run-button.ts";
import type { Snapshot } from "./snapshot.ts";

/** GitHub takes three at most, with a label of 20 characters and a description of 40. */
type Button = { identifier: string; label: string; description: string };

const cancel: Button = {
  identifier: buttonId("cancel"),
  label: "Cancel",
  description: "Stop for good. What was done stays.",
};
const resume: Button = {
  identifier: buttonId("resume"),
  label: "Resume",
  description: "Go on from where it was paused.",
};
const retry: Button = {
  identifier: buttonId("retry"),
  label: "Retry",
  description: "Go on from the step that failed.",
};
const fix: Button = {
  identifier: buttonId("fix"),
  label: "Fix",
  description: "Mend what CI says is broken here.",
};

/** What can be done with an execution as it stands. */
export function buttonsFor({ status, wish, approval, trigger, pullRequest }: Snapshot): Button[] {
  if (status === "succeeded") return [];
  if (status === "cancelled") return [retry];
  if (status === "failed") return pullRequest && !trigger.pullRequest?.isFork ? [retry, fix] : [retry];
  if (wish === "cancel") return [];
  if (status === "paused") return [resume, cancel];
  if (status === "waiting" && approval) return [...decisions(approval.hash), cancel];
  return [cancel];
}

function decisions(hash: string): Button[] {
  const content = hash.slice(0, 8);
  return [
    { identifier: buttonId("approve", hash), label: "Approve", description: `Agree with ${content}.` },
    { identifier: buttonId("reject", hash), label: "Reject", description: `Do not agree with ${content}.` },
  ];
}
