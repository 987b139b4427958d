import { expect, test } from "@jest/globals";
import { ask, modelAt, resultsOf, task } from "./testing/asked.ts";
import { serve } from "./testing/serve.ts";
import { chatCall, chunks } from "./testing/streams.ts";

const readA = chatCall(0, "call_1", "readFile", '{"path":', '"a.js"}');

test("a request holds what compatible servers have in common, and asks for the figures", async () => {
  await using server = await serve({ events: chunks([{ content: "Done." }], "stop") });
  await ask(modelAt(server.url, "chat"));
  expect(server.requests[0]?.path).toBe("/v1/chat/completions");
  expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
    model: "gpt-6-sol",
    messages: [
      { role: "system", content: "You mend things." },
      { role: "user", content: "What is wrong here?" },
    ],
    tools: [
      {
        type: "function",
        function: {
          name: "readFile",
          description: "Read a file.",
          parameters: { type: "object", properties: { path: { type: "string" } } },
        },
      },
    ],
    max_tokens: 64_000,
    stream: true,
    stream_options: { include_usage: true },
  });
});

test("an effort is asked for where there is one", async () => {
  await using server = await serve({ events: chunks([{ content: "Done." }], "stop") });
  await ask(modelAt(server.url, "chat", { AFU9_MODEL_EFFORT: "low" }));
  expect(JSON.parse(server.requests[0]?.body ?? "")).toMatchObject({ reasoning_effort: "low" });
});

test("a turn's pieces become its text, its calls, its tokens and its price", async () => {
  const deltas = [
    { content: "I " },
    { content: "read." },
    ...readA,
    ...chatCall(1, "call_2", "readFile", ""),
  ];
  await using server = await serve({ events: chunks(deltas, "tool_calls") });
  expect(await ask(modelAt(server.url, "chat"))).toMatchObject({
    text: "I read.",
    calls: [
      { id: "call_1", name: "readFile", input: { path: "a.js" } },
      { id: "call_2", name: "readFile", input: {} },
    ],
    usage: { input: 400, output: 50, cacheRead: 600, cacheWrite: 0 },
    costUsd: expect.closeTo((400 * 2 + 600 * 0.2 + 50 * 10) / 1e6, 10),
    unusable: undefined,
    native: { provider: "openai", model: "gpt-6-sol", api: "chat" },
  });
});

test("the bytes of a request's messages are those of the one before, and what was said since", async () => {
  const deltas = [{ reasoning_content: "Hm." }, { content: "I read." }, ...readA];
  await using server = await serve({ events: chunks(deltas, "tool_calls") });
  const model = modelAt(server.url, "chat");
  const messages = [task];
  for (let turn = 0; turn < 4; turn++) {
    const reply = await ask(model, messages);
    messages.push(reply, ...resultsOf(reply));
  }
  const requests = server.requests.map(({ body }) => JSON.parse(body));
  for (const [index, { messages: sent, ...head }] of requests.slice(0, -1).entries()) {
    const { messages: next, ...nextHead } = requests[index + 1];
    expect(JSON.stringify(nextHead)).toBe(JSON.stringify(head));
    expect(next.length).toBe(sent.length + 2);
    expect(JSON.stringify(next).startsWith(JSON.stringify(sent).slice(0, -1))).toBe(true);
  }
  expect(requests[1].messages[2]).toEqual({
    role: "assistant",
    content: "I read.",
    reasoning_content: "Hm.",
    tool_calls: [
      { id: "call_1", type: "function", function: { name: "readFile", arguments: '{"path":"a.js"}' } },
    ],
  });
});

test("calls that a server counts as one, or anew in each turn, or not at all, are told apart", async () => {
  const deltas = [
    ...chatCall(0, "call_0", "readFile", "{}"),
    ...chatCall(0, "call_1", "readFile", "{}"),
    ...chatCall(1, "call_1", "readFile", "{}"),
    ...chatCall(2, undefined, "readFile", "{}"),
  ];
  await using server = await serve({ events: chunks(deltas, "tool_calls") });
  const model = modelAt(server.url, "chat");
  const first = await ask(model);
  const second = await ask(model, [task, first, ...resultsOf(first)]);
  const ids = [first, second].flatMap(({ calls }) => calls.map(({ id }) => id));
  expect(ids).toHaveLength(8);
  expect(new Set(ids).size).toBe(8);
  await ask(model, [task, first, ...resultsOf(first), second, ...resultsOf(second)]);
  const sent = JSON.parse(server.requests[2]?.body ?? "").messages;
  expect(
    sent
      .flatMap((one: { tool_calls?: { id: string }[] }) => one.tool_calls ?? [])
      .map(({ id }: { id: string }) => id),
  ).toEqual(ids);
  expect(sent.flatMap((one: { tool_call_id?: string }) => one.tool_call_id ?? [])).toEqual(ids);
});

test.each([
  ["length", {}, "the model's reply was cut at its limit of 64,000 tokens; ask for a smaller change"],
  ["content_filter", {}, "the provider ended the model's reply early (content_filter)"],
  ["stop", { refusal: "No." }, 'the model refused to answer ("No"); put the task in other words'],
])("a reply that ends by %s with %j is no answer", async (finish, more, unusable) => {
  await using server = await serve({ events: chunks([{ content: "So" }, more], finish) });
  expect(await ask(modelAt(server.url, "chat"))).toMatchObject({ unusable, usage: { output: 50 } });
});

test("arguments that are not JSON are told to the model, and go back as ones that servers can read", async () => {
  await using server = await serve({
    events: chunks(chatCall(0, "call_1", "readFile", '{"path'), "tool_calls"),
  });
  const model = modelAt(server.url, "chat");
  const reply = await ask(model);
  expect(reply.calls).toEqual([
    { id: "call_1", name: "readFile", input: {}, fault: expect.stringMatching(/not JSON/) },
  ]);
  await ask(model, [task, reply, ...resultsOf(reply)]);
  expect(JSON.parse(server.requests[1]?.body ?? "").messages[2].tool_calls[0].function.arguments).toBe("{}");
});

test("a server that does not say what it counted is counted by the length of what was said", async () => {
  await using server = await serve({ events: chunks([{ content: "word ".repeat(400) }], "stop", null) });
  const { usage, costUsd } = await ask(modelAt(server.url, "chat"));
  expect(usage.output).toBeGreaterThanOrEqual(500);
  expect(usage.input).toBeGreaterThanOrEqual(Math.floor((server.requests[0]?.body.length ?? 0) / 4));
  expect(costUsd).toBeGreaterThan(0);
});
