// What holds for every provider, through its real SDK.
import { describe, expect, test } from "@jest/globals";
import type { Message } from "./model.ts";
import { type Api, apis, ask, failureOf, modelAt, resultsOf, task } from "./testing/asked.ts";
import { fake } from "./testing/fake.ts";
import { serve } from "./testing/serve.ts";

const readBoth = {
  content: "I read both files.",
  toolCalls: [
    { id: "call_1", name: "readFile", arguments: '{"path":"src/größe.js","from":1}' },
    { id: "call_2", name: "readFile", arguments: "{}" },
  ],
  usage: { input_tokens: 1000, output_tokens: 100 },
};

/** The first events of a reply that looks like an answer already. */
const title = '{"title": "Half"}';
const half = {
  anthropic: [
    {
      type: "message_start",
      message: { id: "msg_1", type: "message", role: "assistant", content: [], usage: { input_tokens: 1 } },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: title } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } },
  ],
  openai: [
    { type: "response.created", response: { id: "resp_1", status: "in_progress", output: [] } },
    {
      type: "response.output_item.done",
      output_index: 0,
      item: { type: "message", role: "assistant", content: [{ type: "output_text", text: title }] },
    },
  ],
  chat: [{ choices: [{ index: 0, delta: { role: "assistant", content: title }, finish_reason: null }] }],
};

describe.each(apis)("%s", (api) => {
  const provider = api === "anthropic" ? "anthropic" : "openai";

  test("a turn has its text, its calls in their order, its tokens and its price", async () => {
    await using server = await fake(readBoth);
    expect(await ask(modelAt(server.url, api))).toMatchObject({
      role: "assistant",
      text: "I read both files.",
      calls: [
        { id: "call_1", name: "readFile", input: { path: "src/größe.js", from: 1 } },
        { id: "call_2", name: "readFile", input: {} },
      ],
      usage: { input: 1000, output: 100, cacheRead: 0, cacheWrite: 0 },
      // $2 and $10 a million at OpenAI, $4 and $20 at Anthropic.
      costUsd: provider === "openai" ? 0.003 : 0.006,
      unusable: undefined,
      native: { provider },
    });
  });

  test("the results of the calls go back to the model, each to its call", async () => {
    await using server = await fake(readBoth, { content: "Done." });
    const model = modelAt(server.url, api);
    const first = await ask(model);
    const second = await ask(model, [task, first, ...resultsOf(first)]);
    expect(second).toMatchObject({ text: "Done.", calls: [] });
    expect(server.mock.getLastRequest()?.body).toMatchObject({
      messages: [
        { role: "system", content: "You mend things." },
        { role: "user", content: "What is wrong here?" },
        ...saidAndCalled(api),
        { role: "tool", tool_call_id: "call_1", content: "content of call_1" },
        { role: "tool", tool_call_id: "call_2", content: "content of call_2" },
      ],
    });
  });

  test("an empty turn is a reply without text and calls, and the conversation goes on after it", async () => {
    await using server = await fake({ content: "" }, { content: "Done." });
    const model = modelAt(server.url, api);
    const empty = await ask(model);
    expect(empty).toMatchObject({ text: "", calls: [], unusable: undefined });
    const repair: Message = { role: "user", kind: "repair", text: "Say something." };
    expect(await ask(model, [task, empty, repair])).toMatchObject({ text: "Done." });
  });

  test("a reply that was cut is no answer, and is paid for", async () => {
    await using server = await fake({ ...readBoth, finishReason: "length" });
    const reply = await ask(modelAt(server.url, api));
    // aimock leaves out why OpenAI's reply is incomplete.
    expect(reply.unusable).toMatch(
      api === "openai" ? /ended .* early \(incomplete\)/ : /was cut at its limit/,
    );
    expect(reply.costUsd).toBeGreaterThan(0);
  });

  test.each([undefined, "break"] as const)(
    "a stream that ends (%s) before the reply does may be tried again",
    async (ending) => {
      await using server = await serve({ events: half[api], body: "", ending });
      const error = await failureOf(ask(modelAt(server.url, api)));
      expect(error).toMatchObject({ kind: "cut" });
      expect(error.message).toMatch(/gave no whole answer for the model/);
      expect(server.requests).toHaveLength(1);
    },
  );

  test.each(apis.filter((one) => one !== api))("a conversation that %s began goes on", async (other) => {
    await using server = await fake({ ...readBoth, reasoning: "Hm." }, { content: "Done." });
    const first = await ask(modelAt(server.url, other));
    const second = await ask(modelAt(server.url, api), [task, first, ...resultsOf(first)]);
    expect(second).toMatchObject({ text: "Done.", native: { provider } });
    expect(server.mock.getLastRequest()?.body).toMatchObject({
      messages: [
        { role: "system" },
        { role: "user" },
        ...saidAndCalled(api),
        { role: "tool", tool_call_id: "call_1" },
        { role: "tool", tool_call_id: "call_2" },
      ],
    });
  });
});

/** aimock shows a turn in Chat Completions' form, and makes an item of OpenAI's Responses a message of its own. */
function saidAndCalled(api: Api): object[] {
  const said = { role: "assistant", content: "I read both files." };
  const calls = readBoth.toolCalls.map(({ id, name, arguments: text }) => ({
    id,
    function: { name, arguments: text },
  }));
  if (api !== "openai") return [{ ...said, tool_calls: calls }];
  return [said, ...calls.map((call) => ({ role: "assistant", tool_calls: [call] }))];
}
