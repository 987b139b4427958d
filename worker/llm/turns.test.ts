// What a model is sent of a conversation that others had: told anew, and accepted by its API.
import { expect, test } from "@jest/globals";
import { checkRequest } from "../../local/model/anthropic/check-request.ts";
import type { AssistantMessage, Message } from "./model.ts";
import { type Api, apis, ask, modelAt, resultsOf, task } from "./testing/asked.ts";
import { serve } from "./testing/serve.ts";
import { anthropicReply, chunks, response, said, text } from "./testing/streams.ts";

const done = {
  anthropic: anthropicReply({ stop_reason: "end_turn" }, text("Done.")),
  openai: response({}, said("Done.")),
  chat: chunks([{ content: "Done." }], "stop"),
};

/** The request that a model makes of these messages. */
async function sent(api: Api, messages: Message[]) {
  await using server = await serve({ events: done[api] });
  await ask(modelAt(server.url, api), messages);
  return JSON.parse(server.requests[0]?.body ?? "");
}

function reply(more: Partial<AssistantMessage>): AssistantMessage {
  return {
    role: "assistant",
    text: "",
    calls: [],
    usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
    costUsd: 0,
    native: { provider: "elsewhere", content: [{ type: "thinking" }] },
    ...more,
  };
}
const odd = reply({
  calls: [
    { id: "functions.readFile:0", name: "readFile", input: { path: "a.js" } },
    { id: "functions_readFile_0", name: "functions.dance now!", input: {} },
    { id: `call_${"x".repeat(100)}`, name: "y".repeat(100), input: {}, fault: "Not JSON." },
  ],
});
const cut = reply({ text: "So I", calls: odd.calls, unusable: "the model's reply was cut" });
const again: Message = { role: "user", kind: "repair", text: "Once more." };
const conversation = [task, odd, ...resultsOf(odd), reply({ text: " " }), again, cut, again];

test("odd names and ids, blank turns and a reply that was cut are told in a way that Anthropic accepts", async () => {
  const request = await sent("anthropic", conversation);
  expect(checkRequest(request)).not.toHaveProperty("fault");
  expect(
    request.messages.map(({ role, content }: { role: string; content: { type: string }[] }) => [
      role,
      ...content.map(({ type }) => type),
    ]),
  ).toEqual([
    ["user", "text"],
    ["assistant", "tool_use", "tool_use", "tool_use"],
    ["user", "tool_result", "tool_result", "tool_result", "text"],
    ["assistant", "text"],
    ["user", "text"],
  ]);
});

test.each([
  ["openai" as const, "call_id"],
  ["chat" as const, "tool_call_id"],
])("to %s every call is sent with its result", async (api, key) => {
  const request = await sent(api, conversation);
  const items: Record<string, unknown>[] = request.input ?? request.messages;
  const calls = items.flatMap((item) =>
    item.type === "function_call"
      ? item.call_id
      : ((item.tool_calls as { id: string }[]) ?? []).map(({ id }) => id),
  );
  const results = items.filter((item) => item.type === "function_call_output" || item.role === "tool");
  expect(results.map((item) => item[key])).toEqual(calls);
  expect(new Set(calls).size).toBe(3);
  for (const id of calls) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  const names = JSON.stringify(items).match(/"name":"[^"]*"/g);
  expect(names).toEqual(['"name":"readFile"', '"name":"functions_dance_now_"', `"name":"${"y".repeat(64)}"`]);
  expect(JSON.stringify(items)).not.toContain("thinking");
});

test.each(apis)(
  "%s is sent what another model of the same provider said, without what only that one can read",
  async (api) => {
    const own = { anthropic: "anthropic", openai: "openai", chat: "openai" };
    const native = {
      provider: own[api],
      model: "another",
      api: api === "chat" ? api : undefined,
      content: ["only its own"],
    } as const;
    const other = reply({ text: "I read.", calls: odd.calls.slice(0, 1), native });
    const request = await sent(api, [task, other, ...resultsOf(other)]);
    expect(JSON.stringify(request)).toContain("I read.");
    expect(JSON.stringify(request)).not.toContain("only its own");
  },
);

test.each(apis)("%s is sent its own words of a time when the model was not written down", async (api) => {
  const content = {
    anthropic: [{ type: "text", text: "As it came." }],
    openai: [said("As it came.")],
    chat: { role: "assistant", content: "As it came." },
  };
  const native = {
    provider: api === "anthropic" ? api : "openai",
    api: api === "chat" ? api : undefined,
    content: content[api],
  };
  const request = await sent(api, [task, reply({ text: "Told anew.", native }), again]);
  expect(JSON.stringify(request)).toContain("As it came.");
});

test("what a longer conversation is told begins with what the shorter one was", async () => {
  const whole = await sent("openai", conversation);
  for (let length = 1; length < conversation.length; length++) {
    const { input } = await sent("openai", conversation.slice(0, length));
    expect(whole.input.slice(0, input.length)).toEqual(input);
  }
});

test.each(apis)("a reply of 200,000 tokens by %s is read whole", async (api) => {
  const words = Array.from({ length: 2000 }, (_, at) => `${at} ${"word ".repeat(100)}`);
  const json = JSON.stringify({ content: words.join("") });
  const pieces = json.match(/[\s\S]{1,400}/g) ?? [];
  const streams = {
    anthropic: anthropicReply({ stop_reason: "tool_use" }, text(...words), {
      block: { type: "tool_use", id: "toolu_1", name: "writeFile", input: {} },
      deltas: pieces.map((partial_json) => ({ type: "input_json_delta", partial_json })),
    }),
    openai: response({}, said(words.join("")), {
      type: "function_call",
      id: "fc_1",
      call_id: "call_1",
      name: "writeFile",
      arguments: json,
    }),
    chat: chunks(
      [
        ...words.map((content) => ({ content })),
        { tool_calls: [{ index: 0, id: "call_1", function: { name: "writeFile" } }] },
        ...pieces.map((piece) => ({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
      ],
      "tool_calls",
    ),
  };
  await using server = await serve({ events: streams[api], body: "" });
  const { text: whole, calls } = await ask(modelAt(server.url, api, { AFU9_MODEL_MAX_OUTPUT: "200000" }));
  expect(whole.length).toBeGreaterThan(1_000_000);
  expect(whole).toBe(words.join(""));
  expect(calls[0]?.input).toEqual({ content: words.join("") });
});
