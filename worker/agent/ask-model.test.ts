import { expect, test } from "@jest/globals";
import { Busy, messageOf, Parked, PermanentFault } from "../../shared/errors.ts";
import type { AssistantMessage, Message } from "../llm/model.ts";
import { type FaultKind, ModelFault } from "../llm/model-fault.ts";
import { askModel } from "./ask-model.ts";

const task: Message = { role: "user", kind: "task", text: "Mend it." };
const reply: AssistantMessage = {
  ...{
    role: "assistant",
    text: "Done.",
    calls: [],
    usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
  },
  ...{ costUsd: 0, native: { provider: "anthropic", content: [] } },
};
const look: Message[] = [
  { ...reply, calls: [{ id: "1", name: "readFile", input: {} }] },
  { role: "tool", callId: "1", name: "readFile", text: "x".repeat(5_000), isError: false, durationMs: 1 },
];
const fault = (kind: FaultKind, more: { retryAfterSeconds?: number } = {}) =>
  new ModelFault(`The provider says ${kind}. Do this.`, { kind, ...more });

/** Asks a model that answers with these, one after the other. */
async function ask(answers: (Error | AssistantMessage)[], saved: Message[] = [task, ...look]) {
  const messages = [...saved];
  const asked: number[] = [];
  const outcome = await askModel({
    ...{ system: "", tools: [], signal: new AbortController().signal },
    transcript: {
      messages,
      elapsedMs: () => 0,
      isSteered: () => true,
      say: async (message) => void messages.push(message),
      finish: async () => {},
    },
    model: {
      ...{ provider: "anthropic", name: "sample", contextTokens: 200_000, maxOutputTokens: 32_000 },
      costOf: () => 0,
      async reply(request) {
        const answer = answers[asked.length];
        asked.push(request.messages.reduce((sum, { text }) => sum + text.length, 0));
        if (answer instanceof Error) throw answer;
        return answer ?? reply;
      },
    },
  }).catch((error: unknown) => error);
  return { outcome, asked: asked.length, sizes: asked, said: messages.slice(saved.length) };
}

test("a stream that was cut is asked for anew, a few times", async () => {
  expect(await ask([fault("cut"), fault("cut"), reply])).toMatchObject({
    outcome: reply,
    asked: 3,
    said: [],
  });
  const { outcome, asked } = await ask([fault("cut"), fault("cut"), fault("cut"), reply]);
  expect({ asked, passes: outcome instanceof Error && !(outcome instanceof PermanentFault) }).toEqual({
    asked: 3,
    passes: true,
  });
});

test.each<[FaultKind, number | undefined, number]>([
  ["rate-limited", 42, 42],
  ["overloaded", undefined, 20],
])(
  "one that is %s is left alone for as long as it says (%p s)",
  async (kind, retryAfterSeconds, waitSeconds) => {
    const { outcome, asked } = await ask([fault(kind, { retryAfterSeconds })]);
    expect(outcome).toBeInstanceOf(Busy);
    expect({ outcome, asked }).toMatchObject({ outcome: { waitSeconds }, asked: 1 });
  },
);

test("at a spending limit the execution is parked, and is not tried again by itself", async () => {
  const { outcome, asked } = await ask([fault("spend-limit")]);
  expect(outcome).toBeInstanceOf(Parked);
  expect({ message: messageOf(outcome), asked }).toEqual({
    message: "The provider says spend-limit. Do this.",
    asked: 1,
  });
});

test.each<FaultKind>(["credentials", "invalid"])("what is %s is not tried again", async (kind) => {
  const { outcome, asked } = await ask([fault(kind)]);
  expect(outcome).toBeInstanceOf(PermanentFault);
  expect(asked).toBe(1);
});

test("a refusal is an end with its reason", async () => {
  expect(await ask([fault("refused")])).toMatchObject({
    outcome: { stopped: "refused", reason: "The provider says refused. Do this" },
    asked: 1,
  });
});

test("a conversation that does not fit is made shorter once, and that is saved before it is asked again", async () => {
  const { outcome, sizes, said } = await ask([fault("context-overflow"), reply]);
  expect(outcome).toEqual(reply);
  expect(said).toEqual([expect.objectContaining({ kind: "shrink", shrinks: ["1"] })]);
  expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) / 5);
});

test("one that still does not fit is an end, also for who takes it up there", async () => {
  const end = { stopped: "too-long", reason: "The provider says context-overflow. Do this" };
  const { outcome, asked, said } = await ask([fault("context-overflow"), fault("context-overflow")]);
  expect({ outcome, asked }).toEqual({ outcome: end, asked: 2 });
  expect(await ask([fault("context-overflow")], [task, ...look, ...said])).toMatchObject({
    outcome: end,
    asked: 1,
    said: [],
  });
});

test("a fault that is none of the provider's goes on as it is", async () => {
  const parked = new Parked("The budget is spent. Comment `/afu9 budget +5`.");
  expect((await ask([parked])).outcome).toBe(parked);
});
