// What a report says, in Markdown, from a snapshot of the rows.
import { stringify } from "yaml";
import { shareOf, warnedFrom } from "../../shared/budget.ts";
import { dollars, nearlySpent } from "../../shared/budget-wording.ts";
import { codeBlock } from "../../shared/code-block.ts";
import { executionMarker } from "../../shared/execution-marker.ts";
import { executionUrl } from "../../shared/execution-url.ts";
import type { Role } from "../../shared/role.ts";
import { isParked, type PendingApproval, type Snapshot, type StepRow } from "./snapshot.ts";

const titles: Record<string, string> = {
  queued: "AFU-9 will start soon",
  running: "AFU-9 is working on this",
  waiting: "AFU-9 is waiting",
  paused: "AFU-9 is paused",
  succeeded: "AFU-9 is done",
  failed: "AFU-9 could not do this",
  cancelled: "AFU-9 was stopped",
};
/** The box of a step in the checklist, and what stands beside it. */
const marks: Record<string, string> = {
  succeeded: "[x]",
  failed: "[ ] ❌",
  skipped: "[x] ➖",
  running: "[ ] ⏳",
  waiting: "[ ] ⏸️",
  cancelled: "[ ] ⏹️",
  pending: "[ ]",
};
const maxError = 20_000;
/** GitHub's limit for a comment is 65,536 characters. */
const maxComment = 65_000;

/** The one line that says how it stands. */
export function headline(snapshot: Snapshot): string {
  const isOver = ["succeeded", "failed", "cancelled"].includes(snapshot.status);
  if (snapshot.wish === "cancel" && !isOver) return "AFU-9 is stopping";
  if (snapshot.status === "waiting" && snapshot.approval) return "AFU-9 waits for your approval";
  if (isParked(snapshot)) return "AFU-9 is paused and needs your decision";
  return titles[snapshot.status] ?? snapshot.status;
}

/** The list of steps, what it cost, and what to type next. */
export function body(snapshot: Snapshot): string {
  return [
    snapshot.steps.map(stepLine).join("\n"),
    snapshot.status === "waiting" && waitingFor(snapshot),
    warnings(snapshot),
    snapshot.configNotice && `⚠️ ${clipped(snapshot.configNotice)}`,
    snapshot.unsaid > 0 && "A message to the agent will be said at its next turn.",
    snapshot.refusals.map((refusal) => `⚠️ ${refusal}`).join("\n\n"),
    snapshot.error && `**Why:**\n\n${codeBlock(clipped(snapshot.error))}`,
    snapshot.evidence && `**Verified:**\n\n${clipped(snapshot.evidence)}`,
    footer(snapshot),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** Where more is to be seen. */
type Places = { publicUrl?: string | undefined; serverUrl: string };

/** The sticky comment on the issue, found again by its marker. */
export function comment(snapshot: Snapshot, places: Places): string {
  return [marker(snapshot.id), `### ${headline(snapshot)}`, links(snapshot, places), body(snapshot)]
    .filter(Boolean)
    .join("\n\n")
    .slice(0, maxComment)
    .toWellFormed();
}

function links({ id, trigger, pullRequest }: Snapshot, { publicUrl, serverUrl }: Places): string {
  const { owner, name } = trigger.repository;
  return [
    pullRequest && pullRequest.number !== trigger.issue.number && `Pull request: #${pullRequest.number}`,
    pullRequest && `[check run](${serverUrl}/${owner}/${name}/pull/${pullRequest.number}/checks)`,
    publicUrl && `[execution](${executionUrl(publicUrl, id)})`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** What a check run says whose commit is no longer worked on. */
export function wentOn(headSha: string): { title: string; summary: string } {
  return { title: "AFU-9 went on", summary: `It pushed ${headSha}, and reports there.` };
}

/** Who set an execution off has lost the role before it began. */
export function senderLostRole(login: string, needs: Role, role: Role): string {
  return `\`${login}\`, who set this off, may not any more: it needs the role \`${needs}\` in this repository, and theirs is \`${role}\` now. Somebody who has it can start it with \`/afu9 run\`.`;
}

const lateWishes = {
  resume: { did: "let this go on", next: "Somebody who has it can type `/afu9 resume`." },
  retry: { did: "had this tried again", next: "Somebody who has it can type `/afu9 retry`." },
  budget: {
    did: "raised the budget of this, so that it goes on",
    next: "Somebody who may can type `/afu9 resume`.",
  },
  steer: {
    did: "had a message for the agent",
    next: "It was not said. Somebody who has it can type `/afu9 steer`.",
  },
};

/** Who asked for something has lost the role before it was its turn. */
export function controlLostRole(
  kind: keyof typeof lateWishes,
  login: string,
  { needs, role }: { needs: Role; role: Role },
): string {
  const { did, next } = lateWishes[kind];
  return `\`${login}\`, who ${did}, may not any more: it needs the role \`${needs}\` in this repository, and theirs is \`${role}\` now. ${next}`;
}

/** What a sticky comment begins with. */
export const marker = executionMarker;

/** What a comment says that reminds people of an approval. */
export function reminder(hash: string): string {
  return `AFU-9 still waits for an approval here. Comment \`/afu9 approve ${short(hash)}\` or \`/afu9 reject\`; what is asked stands in the comment above.`;
}

/** What a comment says that asks people for the decision that it is paused for. */
export function question({ error }: Snapshot): string {
  return `AFU-9 has paused here and needs a decision:\n\n${codeBlock(clipped(error ?? ""))}`;
}

function stepLine({ name, status, durationMs, attempt, retryAt, error }: StepRow): string {
  const time = durationMs === null ? "" : ` (${seconds(durationMs)})`;
  const again = attempt > 1 ? `, attempt ${attempt}` : "";
  const later = status === "pending" && retryAt ? `, from ${utc(retryAt)} on` : "";
  const why = status === "cancelled" && error ? `: ${error}` : "";
  return `- ${marks[status] ?? "[ ]"} ${name}${time}${again}${later}${why}`;
}

/** Said while something can be done about it, and not when it has come to that. */
function warnings(snapshot: Snapshot): string {
  if (snapshot.finishedAt !== null || isParked(snapshot)) return "";
  const near = snapshot.accounts.filter((account) => shareOf(account) >= warnedFrom);
  return near.map((account) => `⚠️ ${nearlySpent(account)}`).join("\n\n");
}

function waitingFor({ approval, wait }: Snapshot): string | undefined {
  if (approval) return approvalText(approval);
  if (!wait) return undefined;
  return wait.event
    ? `It waits for \`${wait.event}\`, until ${utc(wait.until)}.`
    : `It goes on at ${utc(wait.until)}.`;
}

function approvalText({ hash, content, baseSha, environment, rules, expiresAt }: PendingApproval): string {
  const text = typeof content === "string" ? content : stringify(content);
  const about = [environment && `for \`${environment}\``, baseSha && `on \`${baseSha.slice(0, 12)}\``];
  const who = rules.team ? `a member of @${rules.team} with the role` : "somebody with the role";
  const notYou = rules["not-requester"] ? ", and not who started this" : "";
  return [
    `**To be approved** ${about.filter(Boolean).join(" ")}`.trim(),
    codeBlock(clipped(text)),
    `Comment \`/afu9 approve ${short(hash)}\` to go on with just this, or \`/afu9 reject [reason]\`. It takes ${who} \`${rules.role}\`${notYou}. Without an answer it ends at ${utc(expiresAt)}.`,
  ].join("\n\n");
}

/** What people type to name a content. */
function short(hash: string): string {
  return hash.slice(0, 8);
}

function utc(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function footer({ id, status, turns, tokens, costUsd, accounts }: Snapshot): string {
  const own = accounts.find(({ scope }) => scope === "execution");
  const limit = own ? ` of ${dollars(own.limit.usd)}` : "";
  const spent =
    turns > 0
      ? `${turns} turns, ${tokens.toLocaleString("en")} tokens, $${costUsd.toFixed(4)}${limit} · `
      : "";
  return `<sub>${spent}execution \`${id}\`${nextWords[status] ?? ""}</sub>`;
}

const nextWords: Record<string, string> = {
  running: " · `/afu9 steer …` tells the agent something, `/afu9 pause` and `/afu9 cancel` stop it.",
  waiting: " · `/afu9 cancel` stops it.",
  paused: " · `/afu9 resume` lets it go on, `/afu9 cancel` stops it.",
  failed:
    " · Comment `/afu9 retry` to go on from the step that failed, or `/afu9 run` to begin anew, with instructions after it if you like.",
  cancelled: " · `/afu9 retry` goes on from where it was stopped, `/afu9 run` begins anew.",
};

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
