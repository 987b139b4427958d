// What a report says, in Markdown, from a snapshot of the rows.
import { executionMarker } from "../../shared/execution-marker.ts";
import { codeBlock } from "../agent/verification.ts";
import type { Snapshot, StepRow } from "./snapshot.ts";

const titles: Record<string, string> = {
  queued: "AFU-9 will start soon",
  running: "AFU-9 is working on this",
  waiting: "AFU-9 is waiting",
  succeeded: "AFU-9 is done",
  failed: "AFU-9 could not do this",
  cancelled: "AFU-9 was stopped",
};
const marks: Record<string, string> = {
  succeeded: "✅",
  failed: "❌",
  skipped: "➖",
  running: "⏳",
  pending: "▫️",
};
const maxError = 20_000;
/** GitHub's limit for a comment is 65,536 characters. */
const maxComment = 65_000;

/** The one line that says how it stands. */
export function headline(snapshot: Snapshot): string {
  return titles[snapshot.status] ?? snapshot.status;
}

/** The list of steps, what it cost, and what to type next. */
export function body(snapshot: Snapshot): string {
  return [
    snapshot.steps.map(stepLine).join("\n"),
    snapshot.error && `**Why:**\n\n${codeBlock(clipped(snapshot.error))}`,
    snapshot.evidence && `**Verified:**\n\n${clipped(snapshot.evidence)}`,
    footer(snapshot),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** The sticky comment on the issue, found again by its marker. */
export function comment(snapshot: Snapshot): string {
  const pull = snapshot.pullRequest && `Pull request: #${snapshot.pullRequest.number}`;
  return [marker(snapshot.id), `### ${headline(snapshot)}`, pull, body(snapshot)]
    .filter(Boolean)
    .join("\n\n")
    .slice(0, maxComment)
    .toWellFormed();
}

/** What a sticky comment begins with. */
export const marker = executionMarker;

function stepLine({ name, status, durationMs }: StepRow): string {
  const time = durationMs === null ? "" : ` (${seconds(durationMs)})`;
  return `- ${marks[status] ?? "▫️"} ${name}${time}`;
}

function footer({ id, status, turns, tokens, costUsd }: Snapshot): string {
  const spent =
    turns > 0 ? `${turns} turns, ${tokens.toLocaleString("en")} tokens, $${costUsd.toFixed(4)} · ` : "";
  const next =
    status === "failed" ? " · Comment `/afu9 run` to try again, with instructions after it if you like." : "";
  return `<sub>${spent}execution \`${id}\`${next}</sub>`;
}

function seconds(milliseconds: number): string {
  return milliseconds < 60_000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${Math.round(milliseconds / 60_000)} min`;
}

function clipped(text: string): string {
  return text.length <= maxError
    ? text
    : `${text.slice(0, maxError).toWellFormed()}\n… ${text.length - maxError} characters left out`;
}
