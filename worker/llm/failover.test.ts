import { expect, test } from "@jest/globals";
import { checkRequest } from "../../local/model/anthropic/check-request.ts";
import { createLogger } from "../../shared/logger.ts";
import { createFailover } from "./failover.ts";
import type { AssistantMessage, Message, Model } from "./model.ts";
import { ModelFault } from "./model-fault.ts";
import { apiKey, ask, failureOf, keysAt, modelAt, resultsOf, task } from "./testing/asked.ts";
import { type Answer, serve } from "./testing/serve.ts";
import * as streams from "./testing/streams.ts";

const log = createLogger("test", "silent");
const overloaded: Answer = {
  status: 529,
  headers: { "x-should-retry": "false" },
  body: fault("overloaded_error"),
};

function fault(type: string, code?: string) {
  return { type: "error", error: { type, code, message: "No." } };
}

/** A turn of each provider with two calls at once and with what it thought, and one that ends the conversation. */
const readsBoth = {
  anthropic: {
    events: streams.anthropicReply(
      { stop_reason: "tool_use" },
      streams.thinking("Hm."),
      streams.text("I read both."),
      streams.call(['{"path":"a.js"}'], "toolu_1"),
      streams.call(['{"path":"b.js"}'], "toolu_2"),
    ),
  },
  openai: {
    events: streams.response(
      {},
      streams.reasoning,
      streams.said("I read both."),
      streams.called('{"path":"a.js"}', "call_1"),
      streams.called('{"path":"b.js"}', "call_2"),
    ),
  },
};
const done = {
  anthropic: { events: streams.anthropicReply({ stop_reason: "end_turn" }, streams.text("Done.")) },
  openai: { events: streams.response({}, streams.said("Done.")) },
};

/** Both providers on ports, and the failover between their models as the settings make it. */
async function between(anthropic: Answer[], openai: Answer[], first: Model["provider"] = "anthropic") {
  const servers = { anthropic: await serve(...anthropic), openai: await serve(...openai) };
  const second = first === "anthropic" ? "openai" : "anthropic";
  const model = modelAt("", first, {
    ...keysAt(servers.anthropic.url, servers.openai.url),
    AFU9_MODEL_FALLBACK: second,
  });
  return {
    model,
    asked: (provider: Model["provider"]) => servers[provider].requests.map(({ body }) => JSON.parse(body)),
    async [Symbol.asyncDispose]() {
      await servers.anthropic[Symbol.asyncDispose]();
      await servers.openai[Symbol.asyncDispose]();
    },
  };
}

test("in the middle of a conversation the second takes the turn, reads all that was said, and stays", async () => {
  await using pair = await between([readsBoth.anthropic, overloaded], [readsBoth.openai, done.openai]);
  const first = await ask(pair.model);
  const so_far: Message[] = [task, first, ...resultsOf(first)];
  const second = await ask(pair.model, so_far);
  const third = await ask(pair.model, [...so_far, second, ...resultsOf(second)]);

  expect([first, second, third].map(({ native }) => `${native.provider} ${native.model}`)).toEqual([
    "anthropic claude-opus-5-5",
    "openai gpt-6-sol",
    "openai gpt-6-sol",
  ]);
  // At OpenAI's price: $2 and $10 a million, of the cache $0.2 and $2.5.
  expect(second.costUsd).toBeCloseTo((100 * 2 + 600 * 0.2 + 300 * 2.5 + 50 * 10) / 1e6, 10);
  expect(pair.asked("anthropic")).toHaveLength(2);
  const [translated, next] = pair.asked("openai");
  expect(translated.input).toEqual([
    { role: "user", content: "What is wrong here?" },
    { role: "assistant", content: "I read both." },
    { type: "function_call", call_id: "toolu_1", name: "readFile", arguments: '{"path":"a.js"}' },
    { type: "function_call", call_id: "toolu_2", name: "readFile", arguments: '{"path":"b.js"}' },
    { type: "function_call_output", call_id: "toolu_1", output: "content of toolu_1" },
    { type: "function_call_output", call_id: "toolu_2", output: "content of toolu_2" },
  ]);
  expect(next.input.slice(0, 6)).toEqual(translated.input);
  expect(next.input[6]).toEqual(streams.reasoning);
});

test("the other way the request is one that Anthropic accepts", async () => {
  await using pair = await between(
    [done.anthropic],
    [readsBoth.openai, { ...overloaded, status: 503 }],
    "openai",
  );
  const first = await ask(pair.model);
  const failed = resultsOf(first).map((result) => ({ ...result, isError: true, text: " \n" }));
  expect(await ask(pair.model, [task, first, ...failed])).toMatchObject({
    text: "Done.",
    native: { provider: "anthropic", model: "claude-opus-5-5" },
  });
  const [translated] = pair.asked("anthropic");
  expect(checkRequest(translated)).not.toHaveProperty("fault");
  expect(translated.messages.slice(1)).toMatchObject([
    {
      role: "assistant",
      content: [
        { type: "text", text: "I read both." },
        { type: "tool_use", id: "call_1", name: "readFile", input: { path: "a.js" } },
        { type: "tool_use", id: "call_2", name: "readFile", input: { path: "b.js" } },
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "call_1", is_error: true, content: "(no output)" },
        { type: "tool_result", tool_use_id: "call_2", is_error: true, content: "(no output)" },
      ],
    },
  ]);
});

test("after its time off the first is asked again, and says in its own form what it said itself", async () => {
  await using anthropic = await serve(readsBoth.anthropic, overloaded, done.anthropic);
  await using openai = await serve(readsBoth.openai);
  const keys = keysAt(anthropic.url, openai.url);
  let now = 0;
  const model = createFailover([modelAt("", "anthropic", keys), modelAt("", "openai", keys)], {
    log,
    now: () => now,
  });
  const messages: Message[] = [task];
  const turn = async () => {
    const reply = await ask(model, messages);
    messages.push(reply, ...resultsOf(reply));
    return reply.native.provider;
  };
  expect([await turn(), await turn()]).toEqual(["anthropic", "openai"]);
  now = 599_000;
  expect(await turn()).toBe("openai");
  now = 601_000;
  expect(await turn()).toBe("anthropic");
  const request = JSON.parse(anthropic.requests.at(-1)?.body ?? "");
  expect(checkRequest(withoutThoughts(request))).not.toHaveProperty("fault");
  expect(request.messages[1].content[0]).toEqual({
    type: "thinking",
    thinking: "Hm.",
    signature: "c2lnbmVk",
  });
  // Where its last request ended, though two turns of the other have followed, and where this one ends.
  const marked = request.messages.flatMap(({ content }: { content: object[] }, at: number) =>
    content.some((block) => "cache_control" in block) ? [at] : [],
  );
  expect(marked).toEqual([0, request.messages.length - 1]);
});

/** The local model's check has no word for them. */
function withoutThoughts(request: { messages: { content: { type: string }[] }[] }): object {
  const messages = request.messages.map((message) => ({
    ...message,
    content: message.content.filter(({ type }) => type !== "thinking"),
  }));
  return { ...request, messages };
}

test.each([
  ["overloaded", overloaded, true],
  [
    "rate-limited",
    { status: 429, headers: { "retry-after-ms": "", "retry-after": "6" }, body: fault("rate_limit_error") },
    true,
  ],
  ["spend-limit", { status: 429, body: fault("rate_limit_error", "insufficient_quota") }, true],
  ["credentials", { status: 401, body: fault("authentication_error") }, true],
  ["context-overflow", { status: 413, body: fault("request_too_large") }, false],
  ["invalid", { status: 400, body: fault("invalid_request_error") }, false],
  ["cut", { events: [{ type: "ping" }], body: "" }, false],
])("of a fault that is %s another provider is free: %#", async (kind, answer: Answer, isFree) => {
  await using pair = await between([answer], [done.openai]);
  const outcome = await ask(pair.model).catch((error: unknown) => error);
  if (isFree) expect(outcome).toMatchObject({ text: "Done.", native: { provider: "openai" } });
  else expect(outcome).toMatchObject({ name: "ModelFault", kind });
  expect({ anthropic: pair.asked("anthropic").length, openai: pair.asked("openai").length }).toEqual({
    anthropic: 1,
    openai: isFree ? 1 : 0,
  });
});

test("the second stays as long as the first asked to wait, and while it stays the first stands in for it", async () => {
  const faultOf = (kind: "rate-limited" | "overloaded", retryAfterSeconds?: number) =>
    new ModelFault(kind, { kind, retryAfterSeconds });
  let now = 0;
  const asked: string[] = [];
  const failing: Record<string, ModelFault | undefined> = { first: faultOf("rate-limited", 3600) };
  const fake = (name: string): Model => ({
    provider: "openai",
    name,
    contextTokens: 1,
    maxOutputTokens: 1,
    costOf: () => 0,
    async reply() {
      asked.push(name);
      const error = failing[name];
      if (error) throw error;
      return { text: name } as AssistantMessage;
    },
  });
  const model = createFailover([fake("first"), fake("second")], { log, now: () => now });
  const answeredBy = async () => (await ask(model)).text;

  expect(await answeredBy()).toBe("second");
  now = 3_599_000;
  expect(await answeredBy()).toBe("second");
  failing.first = undefined;
  failing.second = faultOf("overloaded");
  expect([await answeredBy(), await answeredBy()]).toEqual(["first", "first"]);
  expect(asked).toEqual(["first", "second", "second", "second", "first", "first"]);
});

test("when neither can, the fault is the one that passes, and tells of both", async () => {
  const noMoney: Answer = { status: 402, body: fault("billing_error") };
  const busy: Answer = {
    status: 429,
    headers: { "retry-after-ms": "", "retry-after": "90" },
    body: fault("rate_limit_error"),
  };
  await using pair = await between([noMoney], [busy]);
  const error = await failureOf(ask(pair.model));
  expect(error).toMatchObject({ kind: "rate-limited", retryAfterSeconds: 90 });
  expect(error.message).toMatch(/Anthropic answered 402.*Raise the spending limit.*OpenAI answered 429/);
  expect(error.message).not.toContain(apiKey);
});

test("an abort is no fault, and nobody else is asked", async () => {
  await using pair = await between([{ events: [{ type: "ping" }], ending: "hang" }], [done.openai]);
  const abort = new AbortController();
  const reply = failureOf(ask(pair.model, [task], abort.signal));
  while (pair.asked("anthropic").length === 0) await new Promise((resolve) => setImmediate(resolve));
  abort.abort(new Error("The worker is stopping."));
  expect((await reply).message).toBe("The worker is stopping.");
  expect(pair.asked("openai")).toHaveLength(0);
});
