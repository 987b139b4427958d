import { expect, test } from "@jest/globals";
import type { AssistantMessage, Message, ToolCallRequest, ToolMessage } from "../llm/model.ts";
import { makeOpenCalls } from "./make-calls.ts";

const turn = (...ids: string[]): AssistantMessage => ({
  role: "assistant",
  text: "",
  calls: ids.map((id) => ({ id, name: id.startsWith("w") ? "writeFile" : "readFile", input: {} })),
  usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
  costUsd: 0,
  native: { provider: "anthropic", content: [] },
});
const resultOf = ({ id, name }: ToolCallRequest): ToolMessage => ({
  ...{ role: "tool", callId: id, name, text: `content of ${id}`, isError: false, durationMs: 1 },
});

/** Makes the open calls of a transcript with tools that answer when they are told to. */
function start(saved: Message[], leave = new AbortController()) {
  const messages = [...saved];
  const begun: string[] = [];
  const ended: string[] = [];
  const waiting = new Map<string, { done: () => void; fail: (error: Error) => void }>();
  const made = makeOpenCalls({
    transcript: {
      messages,
      elapsedMs: () => 0,
      isSteered: () => true,
      say: async (message) => void messages.push(message),
      finish: async () => {},
    },
    isReadOnly: async ({ name }) => name === "readFile",
    async call(request, signal) {
      begun.push(request.id);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.set(request.id, { done: resolve, fail: reject });
      signal.addEventListener("abort", () => reject(signal.reason));
      await promise.finally(() => ended.push(request.id));
      return resultOf(request);
    },
    signal: leave.signal,
  });
  made.catch(() => {});
  return {
    ...{ made, begun, ended, leave },
    saved: () => messages.flatMap((message) => (message.role === "tool" ? [message.callId] : [])),
    /** Lets everything happen that waits for nothing outside. */
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    end: (id: string) => waiting.get(id)?.done(),
    fail: (id: string) => waiting.get(id)?.fail(new Error(`${id} can't be reached`)),
  };
}

test("calls that only look are made side by side, and their results are saved in the calls' order", async () => {
  const calls = start([turn("r1", "r2", "r3")]);
  await calls.settle();
  expect(calls.begun).toEqual(["r1", "r2", "r3"]);
  calls.end("r3");
  calls.end("r2");
  await calls.settle();
  expect(calls.saved()).toEqual([]);
  calls.end("r1");
  await calls.made;
  expect(calls.saved()).toEqual(["r1", "r2", "r3"]);
});

test("a call that writes waits for those before it, and those after it wait for it", async () => {
  const calls = start([turn("r1", "r2", "w1", "w2", "r3")]);
  for (const [begun, ...next] of [
    [["r1", "r2"], "r1", "r2"],
    [["r1", "r2", "w1"], "w1"],
    [["r1", "r2", "w1", "w2"], "w2"],
    [["r1", "r2", "w1", "w2", "r3"], "r3"],
  ] as const) {
    await calls.settle();
    expect(calls.begun).toEqual(begun);
    for (const id of next) calls.end(id);
  }
  await calls.made;
  expect(calls.saved()).toEqual(["r1", "r2", "w1", "w2", "r3"]);
});

test("no more than eight are under way at once", async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `r${index}`);
  const calls = start([turn(...ids)]);
  for (const id of ids) {
    await calls.settle();
    expect(calls.begun.length - calls.ended.length).toBeLessThanOrEqual(8);
    calls.end(id);
  }
  await calls.made;
  expect(calls.saved()).toEqual(ids);
});

test("what has its result is not called again", async () => {
  const [one] = turn("r1").calls;
  const calls = start([turn("r1", "r2"), ...(one ? [resultOf(one)] : [])]);
  await calls.settle();
  expect(calls.begun).toEqual(["r2"]);
  calls.end("r2");
  await calls.made;
});

test("a call that can't be made ends those beside it, and keeps what was saved before it", async () => {
  const calls = start([turn("r1", "r2", "r3", "w1")]);
  await calls.settle();
  calls.end("r1");
  calls.fail("r2");
  await expect(calls.made).rejects.toThrow("r2 can't be reached");
  expect(calls).toMatchObject({ begun: ["r1", "r2", "r3"], ended: ["r1", "r2", "r3"] });
  expect(calls.saved()).toEqual(["r1"]);
});

test("a person's word ends all calls at once, and nothing is begun after it", async () => {
  const calls = start([turn("r1", "r2", "w1")]);
  await calls.settle();
  calls.leave.abort(new Error("Cancelled."));
  await expect(calls.made).rejects.toThrow("Cancelled.");
  expect(calls).toMatchObject({ begun: ["r1", "r2"], ended: ["r1", "r2"] });
  expect(calls.saved()).toEqual([]);
});
