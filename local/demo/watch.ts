import { setTimeout } from "node:timers/promises";
import type { Rows } from "./read-rows.ts";
import { activityOf, isWaitingForModel, type RoadLine, roadOf } from "./road.ts";

const pollMs = 200;
/** How long a delivery may take to become an execution, and a finished execution to be reported. */
const intakeMs = 60_000;
const reportMs = 30_000;
/** How long a model may be silent. */
const modelMs = 10 * 60_000;

type Watch = {
  readRows(): Promise<Rows>;
  onLine(line: RoadLine): void;
  onActivity(text: string): void;
  signal: AbortSignal;
};

/** Shows the road until it ends: the execution has ended and its report is written, or nothing will happen any more. */
export async function watch({ readRows, onLine, onActivity, signal }: Watch): Promise<Rows> {
  const shown = new Set<string>();
  let waiting = { for: "", since: performance.now() };

  while (true) {
    const rows = await readRows();
    for (const line of roadOf(rows)) {
      if (shown.has(line.key)) continue;
      shown.add(line.key);
      onLine(line);
    }
    onActivity(activityOf(rows));

    const state = waitingFor(rows);
    if (state === "nothing") return rows;
    const what = `${state} ${rows.messages.length}`;
    if (what !== waiting.for) waiting = { for: what, since: performance.now() };
    if (performance.now() - waiting.since > limits[state]) return giveUp(rows, state);
    await setTimeout(pollMs, undefined, { signal });
  }
}

type Waiting = "delivery" | "model" | "report" | "work" | "nothing";

const limits = {
  delivery: intakeMs,
  model: modelMs,
  report: reportMs,
  work: Number.POSITIVE_INFINITY,
  nothing: 0,
};

/** Work of the servers has limits of its own; what may be silent for ever is the rest. */
function waitingFor(rows: Rows): Waiting {
  const { execution, deliveries } = rows;
  if (!execution) return deliveries.some(({ status }) => status === "failed") ? "nothing" : "delivery";
  if (!["queued", "running", "waiting"].includes(execution.status)) {
    return execution.isReported ? "nothing" : "report";
  }
  return isWaitingForModel(rows) ? "model" : "work";
}

function giveUp(rows: Rows, state: Waiting): Rows {
  if (state === "report") return rows;
  if (state === "model")
    throw new Error(`The model has not answered for ${modelMs / 60_000} minutes. Try again later.`);
  throw new Error(
    `The label started nothing within ${intakeMs / 1000} seconds. The logs of app and worker say more.`,
  );
}
