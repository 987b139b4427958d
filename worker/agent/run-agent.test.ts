import { expect, test } from "@jest/globals";
import type { AssistantMessage, Message, ToolMessage } from "../llm/model.ts";
import { runAgent } from "./run-agent.ts";

const task: Message = { role: "user", kind: "task", text: "Do it." };
const says = (text: string, ...calls: string[]): AssistantMessage => ({
  role: "assistant",
  text,
  calls: calls.map((id) => ({ id, name: "readFile", input: { path: id } })),
  usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
  costUsd: 0.01,
  native: { provider: "anthropic", content: [] },
});
const result = (callId: string): ToolMessage => ({
  role: "tool",
  callId,
  name: "readFile",
  text: "the content",
  isError: false,
  durationMs: 1,
});

/** Runs the loop over a transcript that was saved so far, and counts what was asked for and called. */
async function run(saved: Message[], replies: AssistantMessage[], turns = 10) {
  const messages = [...saved];
  const called: string[] = [];
  let asked = 0;
  const outcome = await runAgent({
    system: "",
    tools: [],
    signal: new AbortController().signal,
    transcript: {
      messages,
      elapsedMs: () => 0,
      isSteered: () => true,
      say: async (message) => void messages.push(message),
      finish: async () => {},
    },
    model: {
      provider: "anthropic",
      name: "sample",
      contextTokens: 200_000,
      maxOutputTokens: 32_000,
      costOf: () => 0,
      reply: async () => replies[asked++] ?? says("nothing left"),
    },
    call: async ({ id }) => {
      called.push(id);
      return result(id);
    },
    steer: async () => {},
    isReadOnly: async () => false,
    limitReached: () =>
      asked >= turns ? { stopped: "turns", reason: `it has used its ${turns} turns` } : undefined,
  });
  return { outcome, asked, called, messages };
}

test("calls are made in their order, and the last words are the answer", async () => {
  const { messages, ...rest } = await run([task], [says("", "a", "b"), says("done")]);
  expect(rest).toEqual({ outcome: { stopped: "finished", answer: "done" }, asked: 2, called: ["a", "b"] });
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "tool", "assistant"]);
});

test("a transcript that ends with calls goes on with those that have no result", async () => {
  const { called, asked } = await run([task, says("", "a", "b"), result("a")], [says("done")]);
  expect({ called, asked }).toEqual({ called: ["b"], asked: 1 });
});

test("a transcript that ends with an answer asks for no further turn", async () => {
  const { outcome, asked } = await run([task, says("done")], []);
  expect({ outcome, asked }).toEqual({ outcome: { stopped: "finished", answer: "done" }, asked: 0 });
});

test("a model that never stops calling is stopped by the limit", async () => {
  const endless = Array.from({ length: 20 }, (_, index) => says("", `call-${index}`));
  const { outcome, asked } = await run([task], endless, 5);
  expect({ outcome, asked }).toEqual({
    outcome: { stopped: "turns", reason: "it has used its 5 turns" },
    asked: 5,
  });
});

const cut: AssistantMessage = { ...says("I will", "a"), unusable: "the model's reply was cut" };
const again = (text: RegExp) => ({ role: "user", kind: "again", text: expect.stringMatching(text) });

test("after a reply that was cut the model is asked once more, and its calls are not made", async () => {
  const { outcome, called, messages } = await run([task], [cut, says("done")]);
  expect({ outcome, called }).toEqual({ outcome: { stopped: "finished", answer: "done" }, called: [] });
  expect(messages[2]).toEqual(again(/cut off/));
});

test("a second cut in a row ends the run, and so it does for whoever resumes it", async () => {
  const end = { outcome: { stopped: "cut", reason: "the model's reply was cut" }, called: [] };
  const { messages, ...first } = await run([task], [cut, cut, says("done")]);
  expect(first).toMatchObject({ ...end, asked: 2 });
  expect(await run(messages, [says("done")])).toMatchObject({ ...end, asked: 0 });
});

test("a refusal ends the run at once, with its reason", async () => {
  const refused = { ...says("No."), unusable: "the model refused to answer", isRefusal: true };
  expect(await run([task], [refused, says("done")])).toMatchObject({
    outcome: { stopped: "refused", reason: "the model refused to answer" },
    asked: 1,
  });
});

test("a model that says nothing is asked once more each time, and not twice in a row", async () => {
  const { outcome, messages } = await run([task], [says(" "), says("", "a"), says(""), says("done")]);
  expect(outcome).toEqual({ stopped: "finished", answer: "done" });
  expect(messages.filter((message) => message.role === "user" && message.kind === "again")).toEqual([
    again(/empty/),
    again(/empty/),
  ]);
  expect(await run([task], [says(""), says("\n"), says("done")])).toMatchObject({
    outcome: { stopped: "empty" },
    asked: 2,
  });
});

test("a model that does the same again and again is stopped", async () => {
  const same = Array.from({ length: 5 }, (_, turn) => ({
    ...says(`Try ${turn}`),
    calls: [{ id: `${turn}`, name: "readFile", input: { path: "a.js" } }],
  }));
  expect(await run([task], same)).toMatchObject({
    outcome: { stopped: "stuck", reason: expect.stringMatching(/`readFile` with {"path":"a.js"} 3 times/) },
    asked: 3,
  });
});
