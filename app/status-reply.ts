import type { Status } from "./read-status.ts";
import { inline } from "./replies.ts";

/** How an execution stands, what it cost, and what to type next. */
export function statusOf(status: Status): string {
  const { id, workflow, step, error, turns, costUsd } = status;
  const at = step ? `, at step ${step.number} of ${step.of}: ${inline(step.name)}` : "";
  return [
    `**${states[status.status] ?? status.status}**${at}`,
    error && `Why: ${inline(error)}`,
    `Workflow ${inline(workflow)}, ${turns} turns, $${costUsd.toFixed(4)}, execution \`${id}\``,
    `Next: ${nextOf(status)}`,
  ]
    .filter(Boolean)
    .join("\n\n");
}

const states: Record<string, string> = {
  queued: "It is about to begin",
  running: "It is at work",
  waiting: "It waits",
  paused: "It is paused",
  succeeded: "It is done",
  failed: "It has failed",
  cancelled: "It was cancelled",
};

function nextOf({ status, asked }: Status): string {
  if (asked) return `\`/afu9 approve ${asked}\` or \`/afu9 reject <reason>\``;
  return next[status] ?? "`/afu9 help`";
}

const next: Record<string, string> = {
  queued: "`/afu9 cancel`, or wait",
  running: "`/afu9 steer <text>`, `/afu9 pause` or `/afu9 cancel`, or wait",
  waiting: "`/afu9 cancel`, or wait",
  paused: "`/afu9 resume` or `/afu9 cancel`",
  succeeded: "review the pull request, or `/afu9 run <instructions>`",
  failed: "`/afu9 retry`, or `/afu9 run <instructions>`",
  cancelled: "`/afu9 retry`, or `/afu9 run <instructions>`",
};
