// The road of an issue as lines, from the rows. A line has a key: what was shown once is not shown again.
import { z } from "zod";
import { oneLine, plural } from "../../shared/terminal-text.ts";
import type { AssistantMessage, Message } from "../../worker/llm/model.ts";
import { describeCheck, readCheck } from "./check.ts";
import type { DeliveryRow, MessageRow, Rows, StepRow, ToolCallRow } from "./read-rows.ts";

export type RoadLine = {
  key: string;
  mark: "done" | "failed" | "skipped" | "begun" | "said";
  depth: 0 | 1 | 2;
  text: string;
  detail?: string;
  durationMs?: number | null;
};

/** Every line that the rows have come to so far, in order. */
export function roadOf(rows: Rows): RoadLine[] {
  const { deliveries, execution, steps } = rows;
  const arrived = deliveries.filter(
    ({ name, status }) => name.startsWith("issues.") && status !== "received",
  );
  const intake: RoadLine[] = execution
    ? [
        {
          key: "execution",
          mark: "done",
          depth: 0,
          text: "Intake",
          detail: `the label starts ${execution.workflow}, execution ${execution.id}`,
        },
      ]
    : [];
  return [...arrived.flatMap(deliveryLines), ...intake, ...steps.flatMap((step) => stepLines(step, rows))];
}

/** What is going on right now, for the line that moves. */
export function activityOf({ execution, steps, messages }: Rows): string {
  if (!execution) return "waiting for the delivery";
  const step = steps.find(({ status }) => status === "running");
  if (!step) return execution.status === "queued" ? "waiting for a worker" : "reporting";
  if (!step.isAgent) return step.name;
  const said = messages.filter(({ stepId }) => stepId === step.id).map(({ message }) => message);
  const last = said.findLast((message) => message.role === "assistant");
  const open = openCalls(said);
  const turns = said.filter(({ role }) => role === "assistant").length;
  if (open[0]) return `${step.name} · ${open[0].name} ${argumentOf(open[0].input)}`;
  if (last && said.at(-1) === last) return `${step.name} · verifying`;
  return `${step.name} · turn ${turns + 1}, waiting for the model`;
}

/** Whether the model has been asked and has not answered yet. */
export function isWaitingForModel({ steps, messages }: Rows): boolean {
  const step = steps.find(({ status }) => status === "running");
  const said = messages.filter(({ stepId }) => stepId === step?.id).map(({ message }) => message);
  return (
    Boolean(step?.isAgent) &&
    said.length > 0 &&
    said.at(-1)?.role !== "assistant" &&
    openCalls(said).length === 0
  );
}

function openCalls(said: Message[]): AssistantMessage["calls"] {
  const last = said.findLast((message) => message.role === "assistant");
  const answered = said.flatMap((message) => (message.role === "tool" ? [message.callId] : []));
  return last?.calls.filter(({ id }) => !answered.includes(id)) ?? [];
}

function deliveryLines({ id, name, error }: DeliveryRow): RoadLine[] {
  const key = `delivery ${id}`;
  const arrived: RoadLine = { key, mark: "done", depth: 0, text: "Delivery", detail: `${name}, ${id}` };
  if (!error) return [arrived];
  return [
    arrived,
    { key: `${key} failed`, mark: "failed", depth: 0, text: "Intake", detail: oneLine(error, 200) },
  ];
}

function stepLines(step: StepRow, rows: Rows): RoadLine[] {
  if (step.status === "pending") return [];
  const key = `step ${step.id}`;
  const begun: RoadLine[] = step.isAgent
    ? [{ key: `${key} begun`, mark: "begun", depth: 0, text: step.name }]
    : [];
  const inside = step.isAgent ? agentLines(step, rows) : [];
  if (step.status === "running") return [...begun, ...inside];

  const { name: text, durationMs } = step;
  const mark = step.status === "succeeded" ? "done" : step.status === "skipped" ? "skipped" : "failed";
  // The first line is the reason; the report at the end has the rest.
  const detail = step.error ? oneLine(step.error.split("\n")[0] ?? "", 120) : stepDetail(step, rows);
  const time = mark === "skipped" ? null : durationMs;
  return [...begun, ...inside, { key, mark, depth: 0, text, detail, durationMs: time }];
}

function agentLines({ id }: StepRow, { messages, toolCalls }: Rows): RoadLine[] {
  const own = messages.filter(({ stepId }) => stepId === id);
  const said = own.map((row) => ({ at: row.at, line: messageLine(row, own) }));
  const verified = toolCalls
    .filter(({ stepId }) => stepId === id)
    .map((call) => ({ at: call.at, line: verificationLine(call) }));
  return [...said, ...verified].sort((a, b) => a.at - b.at).flatMap(({ line }) => line ?? []);
}

function messageLine({ stepId, sequence, message }: MessageRow, own: MessageRow[]): RoadLine | undefined {
  const key = `message ${stepId} ${sequence}`;
  if (message.role === "assistant") {
    const turn = own.filter((row) => row.sequence <= sequence && row.message.role === "assistant").length;
    const text = message.calls.length === 0 && message.text.includes("{") ? "gives its answer" : message.text;
    return { key, mark: "said", depth: 1, text: `turn ${turn}`, detail: oneLine(text, 100) };
  }
  if (message.role === "tool") {
    const input = inputOf(message.callId, own);
    const failure = message.isError ? oneLine(message.text, 100) : exitCodeOf(message.text, message.name);
    return {
      key,
      mark: message.isError ? "failed" : "done",
      depth: 2,
      text: message.name,
      detail: [argumentOf(input), failure].filter(Boolean).join(" · "),
      durationMs: message.durationMs,
    };
  }
  if (message.kind === "task") return undefined;
  const text =
    message.kind === "verification" ? "The output goes back to the agent." : oneLine(message.text, 100);
  return { key, mark: "said", depth: 1, text };
}

function verificationLine({ sequence, result, tool, durationMs }: ToolCallRow): RoadLine | undefined {
  const check = readCheck(result);
  if (!check) return undefined;
  const mark = check.passed ? "done" : "failed";
  return { key: `call ${sequence}`, mark, depth: 1, text: tool, detail: describeCheck(check), durationMs };
}

function inputOf(callId: string, own: MessageRow[]): Record<string, unknown> {
  const calls = own.flatMap(({ message }) => (message.role === "assistant" ? message.calls : []));
  return calls.find(({ id }) => id === callId)?.input ?? {};
}

/** The argument that says most about a call. */
function argumentOf(input: Record<string, unknown>): string {
  const value = input.command ?? input.path ?? input.pattern ?? Object.values(input)[0];
  return typeof value === "string" ? oneLine(value, 60) : "";
}

function exitCodeOf(text: string, tool: string): string {
  if (tool !== "runCommand") return "";
  const [, code] = text.match(/exit code:? (\d+)/i) ?? text.match(/"exitCode":\s*(\d+)/) ?? [];
  return code === undefined ? "" : `exit code ${code}`;
}

const Output = z.object({
  headSha: z.string().optional(),
  number: z.number().optional(),
  title: z.string().optional(),
  branch: z.string().optional(),
  base: z.string().optional(),
  sha: z.string().optional(),
  files: z.unknown().optional(),
  additions: z.number().optional(),
  deletions: z.number().optional(),
});

/** What a step came to, in a few words, told by the shape of its output. */
function stepDetail({ id, isAgent, output }: StepRow, { messages }: Rows): string | undefined {
  if (isAgent) {
    const turns = messages.filter(
      ({ stepId, message }) => stepId === id && message.role === "assistant",
    ).length;
    return plural(turns, "turn");
  }
  const check = readCheck(output);
  if (check) return describeCheck(check);
  const { headSha, number, title, branch, base, sha, files, additions, deletions } =
    Output.safeParse(output).data ?? {};
  if (additions !== undefined) {
    return `${plural(Array.isArray(files) ? files.length : 0, "file")}, +${additions} −${deletions}`;
  }
  if (number !== undefined) return oneLine(`#${number} ${title ?? headSha ?? ""}`, 100);
  if (base && branch) return `${branch} at ${base.slice(0, 7)}`;
  return branch ?? sha?.slice(0, 7);
}
