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
  text: `content of ${callId}`,
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
    limitReached: () => (asked >= turns ? `it has used its ${turns} turns` : undefined),
  });
  return { outcome, asked, called, roles: messages.map(({ role }) => role) };
}

test("calls are made in their order, and the last words are the answer", async () => {
  expect(await run([task], [says("", "a", "b"), says("done")])).toEqual({
    outcome: { stopped: "finished", answer: "done" },
    asked: 2,
    called: ["a", "b"],
    roles: ["user", "assistant", "tool", "tool", "assistant"],
  });
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
    outcome: { stopped: "early", reason: "it has used its 5 turns" },
    asked: 5,
  });
});

test("a reply that is not whole ends the run: its calls are not made", async () => {
  const cut = { ...says("I will", "a"), unusable: "the model's reply was cut" };
  const early = { stopped: "early", reason: "the model's reply was cut" };
  expect(await run([task], [cut])).toMatchObject({ outcome: early, asked: 1, called: [] });
  expect(await run([task, cut], [])).toMatchObject({ outcome: early, asked: 0, called: [] });
});
