// cancel, pause, resume, retry and steer: what is asked is a row first, and a worker obeys.
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { type Control, requestControl } from "../../shared/control.ts";
import type { Database } from "../../shared/db.ts";
import { type Call, command, option } from "../command.ts";
import type { ExitCode } from "../exit-codes.ts";
import { findExecution } from "../find-execution.ts";
import { patientQueues } from "../patient-queues.ts";
import { short, typed } from "../wording.ts";

const lookEveryMs = 250;
const patienceMs = 10_000;

const wait = option(
  "--no-wait",
  "only ask, and don't wait until it is obeyed (10 s at most)",
  z.boolean().default(true),
);
const waiting = z.object({ wait });
type Waiting = z.infer<typeof waiting>;

const simple = (kind: "cancel" | "pause" | "resume", summary: string) =>
  command({
    usage: `executions ${kind} <id>`,
    summary,
    options: waiting,
    run: (call) => ask(call, { kind }),
  });

export const cancelExecution = simple("cancel", "End an execution; what it has done stays.");
export const pauseExecution = simple("pause", "Stop an execution where it is, until it is resumed.");
export const resumeExecution = simple("resume", "Let a paused execution go on.");

export const retryExecution = command({
  usage: "executions retry <id>",
  summary: "Try a failed or cancelled execution again, from the step that failed.",
  options: z.object({
    from: option("--from <step>", "from this step on, by its id", z.string().optional()),
    wait,
  }),
  run: (call) => ask(call, { kind: "retry", text: call.options.from }),
});

export const steerExecution = command({
  usage: "executions steer <id> <text...>",
  summary: "Tell the agent something; it reads it before its next turn.",
  options: waiting,
  run: (call) => ask(call, { kind: "steer", text: call.args.slice(1).join(" ") }),
});

async function ask(
  { args: [id = ""], options, deps, out }: Call<Waiting>,
  wish: Pick<Control, "kind" | "text">,
): Promise<ExitCode> {
  const db = await deps.db();
  const control = { ...wish, execution: await findExecution(db, id), requestedBy: deps.who };
  await requestControl(control, { db, queues: patientQueues(await deps.queues(), out) });

  const until = performance.now() + (options.wait ? patienceMs : 0);
  let state = await readState(db, control);
  while (!state.obeyed && performance.now() < until && !deps.signal.aborted) {
    await setTimeout(lookEveryMs, undefined, { signal: deps.signal }).catch(() => {});
    state = await readState(db, control);
  }
  out.say({
    json: { execution: control.execution, kind: wish.kind, ...state },
    text: sentence(control, state),
  });
  if (state.obeyed || !options.wait) return 0;
  return deps.signal.aborted ? 130 : 1;
}

type State = { obeyed: boolean; status: string; wish: string | null };

async function readState({ pool }: Database, { execution, kind, requestedBy }: Control): Promise<State> {
  const { rows } = await pool.query<State>(
    `SELECT e.status, e.wish, c.obeyed_at IS NOT NULL AS obeyed
       FROM workflow_executions e JOIN execution_controls c ON c.execution_id = e.id
      WHERE e.id = $1 AND c.kind = $2 AND c.requested_by = $3 ORDER BY c.requested_at DESC LIMIT 1`,
    [execution, kind, requestedBy],
  );
  return rows[0] ?? { obeyed: false, status: "unknown", wish: null };
}

function sentence({ execution, kind }: Control, { obeyed, status }: State): string {
  const how = obeyed ? "done" : "asked for, and not obeyed yet";
  const next = obeyed && kind !== "retry" ? "view" : "follow";
  return `${kind}: ${how}. The execution is ${status}. \`${typed} executions ${next} ${short(execution)}\` shows it.`;
}
