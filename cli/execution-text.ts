// One execution as people read it.
import { duration, oneLine, plainText, plural } from "../shared/terminal-text.ts";
import type { Paint } from "./output.ts";
import type { AgentRunView, ControlView, ExecutionView, StepView } from "./rows/execution-view.ts";
import { age, cost, short, status, table, typed, utc } from "./wording.ts";

export const hasEnded = ({ finishedAt }: Pick<ExecutionView, "finishedAt">): boolean => finishedAt !== null;

export function describeExecution(one: ExecutionView, paint: Paint): string {
  return [
    header(one, paint),
    section(
      "Steps",
      one.steps.flatMap((step) => stepLines(step, paint)),
      paint,
    ),
    section("Agents", one.agentRuns.length ? [table(agentHead, one.agentRuns.map(agentCells))] : [], paint),
    section("Asked for", one.controls.map(controlLine), paint),
    section("Next", nextSteps(one), paint),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function section(title: string, lines: string[], paint: Paint): string {
  const body = lines.flatMap((line) => line.split("\n")).map((line) => `  ${line}`);
  return lines.length ? `${paint("bold", title)}\n${body.join("\n")}` : "";
}

function header(one: ExecutionView, paint: Paint): string {
  const wish = one.wish ? `, asked to ${one.wish}` : "";
  const took =
    one.durationMs === null ? "" : `, ${hasEnded(one) ? "took" : "for"} ${duration(one.durationMs)}`;
  const spent = one.costUsd > 0 ? `, ${cost(one.costUsd)}` : "";
  const by = one.startedBy ? ` by ${oneLine(one.startedBy, 40)}` : "";
  return [
    `${paint("bold", `${one.repository}#${one.number}`)}  ${status(one.status, paint)}${wish}${took}${spent}`,
    `execution ${one.id}`,
    `workflow ${one.workflow} ${one.version}, started ${age(one.ageMs)} ago${by}${one.round > 1 ? `, round ${one.round}` : ""}`,
    ...(one.error ? [paint("red", clipped(one.error))] : []),
  ].join("\n");
}

const maxLines = 20;

function clipped(text: string): string {
  const lines = plainText(text).trimEnd().split("\n");
  const left = lines.length - maxLines;
  return left > 0
    ? [...lines.slice(0, maxLines), `… ${plural(left, "more line")}`].join("\n")
    : lines.join("\n");
}

const marks: Record<string, string> = {
  succeeded: "✔",
  failed: "✖",
  cancelled: "✖",
  skipped: "○",
  running: "▸",
  waiting: "…",
};

/** A step, with a line for each attempt when there are several, and why it failed. */
function stepLines({ id, name, kind, status: how, attempts }: StepView, paint: Paint): string[] {
  const last = attempts.at(-1);
  const mark = marks[how] ?? "·";
  const about = paint("dim", [id === name ? "" : id, kind ?? ""].filter(Boolean).join(" · "));
  const line = [mark, name, about, timeOf(last?.durationMs), how === "pending" ? "" : status(how, paint)];
  const earlier = attempts.length > 1 ? attempts.map((one) => attemptLine(one)) : [];
  const error = last?.error && attempts.length === 1 ? [`    ${oneLine(last.error, 300)}`] : [];
  return [line.filter(Boolean).join("  "), ...earlier, ...error];
}

function attemptLine({
  attempt,
  status: how,
  durationMs,
  error,
  retryAt,
}: StepView["attempts"][number]): string {
  const later = how === "pending" && retryAt ? `not before ${utc(retryAt)}` : "";
  const parts = [how, timeOf(durationMs), later, error ? oneLine(error, 300) : ""];
  return `    attempt ${attempt}: ${parts.filter(Boolean).join("  ")}`;
}

function timeOf(durationMs: number | null | undefined): string {
  return typeof durationMs === "number" ? duration(durationMs) : "";
}

const agentHead = ["STEP", "MODEL", "TURNS", "TOKENS", "CACHED", "COST", "OUTCOME"];

function agentCells(run: AgentRunView): string[] {
  return [
    run.round > 1 ? `${run.step} (round ${run.round})` : run.step,
    `${run.provider}:${run.model}`,
    String(run.turns),
    run.tokens.toLocaleString("en"),
    run.cachedTokens.toLocaleString("en"),
    cost(run.costUsd),
    oneLine(run.outcome ?? "running", 80),
  ];
}

function controlLine({ kind, text, requestedBy, requestedAt, obeyedAt, refusal }: ControlView): string {
  const what = text ? `${kind} "${oneLine(text, 100)}"` : kind;
  const done = obeyedAt ? `obeyed ${utc(obeyedAt)}` : "not obeyed yet";
  const how = refusal ? `refused: ${oneLine(refusal, 200)}` : done;
  return `${what}  by ${oneLine(requestedBy, 60)}, ${utc(requestedAt)}, ${how}`;
}

/** What to type next. */
export function nextSteps(one: ExecutionView): string[] {
  const type = (words: string, what: string) => `${typed} ${words}  ${what}`;
  const id = short(one.id);
  if (one.status === "succeeded") return [];
  if (hasEnded(one)) return [type(`executions retry ${id}`, "tries it again from the step that failed")];

  const decide = one.approval
    ? [
        `On ${one.repository}#${one.number}, comment \`/afu9 approve ${one.approval.hash.slice(0, 8)}\` or \`/afu9 reject [reason]\`: the step ${one.approval.step} waits for it until ${utc(one.approval.expiresAt)}${one.approval.role ? ` (role ${one.approval.role})` : ""}`,
      ]
    : [];
  const waits = one.wait
    ? [
        `${one.wait.step} waits ${one.wait.event ? `for ${one.wait.event}, ` : ""}until ${utc(one.wait.until)}`,
      ]
    : [];
  const goOn =
    one.status === "paused"
      ? [type(`executions resume ${id}`, "lets it go on")]
      : [type(`executions follow ${id}`, "shows what happens")];
  return [...decide, ...waits, ...goOn, type(`executions cancel ${id}`, "ends it")];
}
