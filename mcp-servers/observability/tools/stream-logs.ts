import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { awsFault } from "../../aws-fault.ts";
import type { ToolCall } from "../../tool.ts";
import { allowLogGroup } from "../allowed.ts";
import { logGroup, note, Range, startTime } from "../inputs.ts";
import { LogLine, lineCaps } from "../log-lines.ts";
import { createLogTail, type LogTail } from "../log-tail.ts";
import { type ObservabilityDeps, observabilityTool } from "../observability-tool.ts";
import { hours, readRange } from "../time-range.ts";

const longest = hours(24);
/** What a progress notification shows of the new lines. */
const maxMessage = 2_000;

export const streamLogs = observabilityTool({
  name: "streamLogs",
  description: `Read a log group from a time on, at most ${lineCaps.lines} lines. With follow, new lines are sent as progress notifications for a minute, or until there is no room for more; the answer has all of them.`,
  input: z.object({
    logGroup,
    startTime,
    follow: z.boolean().default(false).describe("Whether to wait for new lines"),
  }),
  // Following ends by itself before that.
  limits: { timeoutMs: 90_000 },
  output: z.object({ range: Range, lines: z.array(LogLine), note }),
  async run({ logGroup, startTime, follow }, deps, call) {
    allowLogGroup(deps.targets, logGroup);
    const range = readRange({ startTime, endTime: "now" }, { longest, now: new Date() });
    const tail = createLogTail(deps.logs, logGroup, range.start);
    let ended: string | undefined;
    try {
      await tail.read(call.signal);
      if (follow) await followTail(tail, deps.following, call);
    } catch (error) {
      ended = noteOfEnd(error, tail, call);
    }
    return {
      range: { start: range.start.toISOString(), end: new Date().toISOString() },
      lines: tail.lines,
      note: [tail.note(), ended].filter(Boolean).join(" ") || undefined,
    };
  },
});

/** What was read is not lost because AWS fails in the middle. Throws when nothing was read, and when the call is over. */
function noteOfEnd(error: unknown, tail: LogTail, { signal, log }: ToolCall): string {
  signal.throwIfAborted();
  const last = tail.lines.at(-1);
  const fault = awsFault(error, { server: "observability", log });
  if (!last || !fault) throw error;
  return `Reading ended early: ${fault.words} These are the lines until then; to go on, call again with the startTime ${last.time}.`;
}

/** Looks again and again until the time is over, or there is no room for another line. */
async function followTail(tail: LogTail, { every, atMost }: ObservabilityDeps["following"], call: ToolCall) {
  const begin = performance.now();
  const elapsed = () => performance.now() - begin;
  let fresh = tail.lines;
  while (true) {
    const progress = Math.min(elapsed(), atMost) / 1_000;
    call.progress({ message: messageOf(fresh), progress, total: atMost / 1_000 });
    if (tail.isFull() || elapsed() >= atMost) return;
    await setTimeout(Math.min(every, atMost - elapsed()), undefined, { signal: call.signal });
    fresh = await tail.read(call.signal);
  }
}

/** The new lines, as far as a notification has room for them. */
function messageOf(lines: LogLine[]): string {
  if (lines.length === 0) return "no new lines";
  const text = lines.map((line) => `${line.time} ${line.text}`).join("\n");
  if (text.length <= maxMessage) return text;
  return `${text.slice(0, maxMessage).toWellFormed()} … the answer has all of the ${lines.length} new lines`;
}
