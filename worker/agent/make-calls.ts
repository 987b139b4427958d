// Makes the calls of one turn: those that only look side by side, each other one alone and in its place.
import type { Message, ToolCallRequest, ToolMessage } from "../llm/model.ts";
import type { Transcript } from "./transcript.ts";
import { wasAskedFor } from "./turns.ts";

export type Caller = {
  transcript: Transcript;
  /** Makes one call that the model asked for. A tool that fails is a result too. */
  call(request: ToolCallRequest, signal: AbortSignal): Promise<ToolMessage>;
  /** Whether a call changes nothing. */
  isReadOnly(request: ToolCallRequest): Promise<boolean>;
  signal: AbortSignal;
};

/** How many calls are made side by side. */
const atOnce = 8;

/**
 * Makes the calls of the last turn that have no result yet. A call that may change something waits for those before it,
 * and those after it wait for it. Results are saved in the order of the calls, whichever comes first.
 */
export async function makeOpenCalls(caller: Caller): Promise<void> {
  for (const batch of await batchesOf(openCalls(caller.transcript.messages), caller)) {
    caller.signal.throwIfAborted();
    await makeSideBySide(batch, caller);
  }
}

/** The calls of the last turn that have no result yet, in their order. Those of a summary, or of no whole reply, are not made. */
function openCalls(messages: readonly Message[]): ToolCallRequest[] {
  const at = messages.findLastIndex(({ role }) => role === "assistant");
  const turn = messages[at];
  if (turn?.role !== "assistant" || turn.calls.length === 0) return [];
  if (turn.unusable || wasAskedFor("summarise", messages, at)) return [];
  const answered = new Set(
    messages.slice(at + 1).flatMap((message) => (message.role === "tool" ? [message.callId] : [])),
  );
  return turn.calls.filter((call) => !answered.has(call.id));
}

async function batchesOf(
  calls: ToolCallRequest[],
  { isReadOnly }: Pick<Caller, "isReadOnly">,
): Promise<ToolCallRequest[][]> {
  const batches: ToolCallRequest[][] = [];
  let mayJoin = false;
  for (const call of calls) {
    const onlyLooks = await isReadOnly(call);
    const last = batches.at(-1);
    if (last && mayJoin && onlyLooks) last.push(call);
    else batches.push([call]);
    mayJoin = onlyLooks;
  }
  return batches;
}

/** When one fails to give a result, those beside it are ended too. */
async function makeSideBySide(batch: ToolCallRequest[], { transcript, call, signal }: Caller): Promise<void> {
  const [alone] = batch;
  if (alone && batch.length === 1) return transcript.say(await call(alone, signal));
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const running: Promise<ToolMessage>[] = [];
  for (const request of batch) {
    const place = running[running.length - atOnce] ?? Promise.resolve();
    const result = place.then(() => {
      either.throwIfAborted();
      return call(request, either);
    });
    // Each is awaited below, in its turn.
    result.catch(() => {});
    running.push(result);
  }
  try {
    for (const result of running) await transcript.say(await result);
  } finally {
    failed.abort(new Error("A call beside this one could not be made."));
    await Promise.allSettled(running);
  }
}
