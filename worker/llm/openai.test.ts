import { expect, test } from "@jest/globals";
import type { Message } from "./model.ts";
import { ask, modelAt, resultsOf, task } from "./testing/asked.ts";
import { serve } from "./testing/serve.ts";
import { called, response as events, reasoning, said } from "./testing/streams.ts";

function response(more: object, ...output: object[]) {
  return { events: events(more, ...output) };
}

test("tokens that were read from the cache or written to it are paid for as such", async () => {
  await using server = await serve(response({}, said("Done.")));
  const { usage, costUsd } = await ask(modelAt(server.url, "openai"));
  expect(usage).toEqual({ input: 100, output: 50, cacheRead: 600, cacheWrite: 300 });
  expect(costUsd).toBeCloseTo((100 * 2 + 600 * 0.2 + 300 * 2.5 + 50 * 10) / 1e6, 10);
});

test("what the model said goes back as it came, without a key of the SDK's", async () => {
  const output = [reasoning, said("I read."), called('{"path": "a.js"}')];
  await using server = await serve(response({}, ...output));
  const model = modelAt(server.url, "openai");
  const first = await ask(model);
  await ask(model, [task, first, ...resultsOf(first)]);
  expect(JSON.parse(server.requests[1]?.body ?? "")).toMatchObject({
    store: false,
    input: [
      { role: "user", content: "What is wrong here?" },
      ...output,
      { type: "function_call_output", call_id: "call_1", output: "content of call_1" },
    ],
  });
  expect(server.requests[1]?.body).toContain(JSON.stringify(output).slice(1, -1));
});

test("the bytes of a request's input are those of the one before, and what was said since", async () => {
  await using server = await serve(response({}, reasoning, called("{}")));
  const model = modelAt(server.url, "openai");
  const messages: Message[] = [task];
  for (let turn = 0; turn < 4; turn++) {
    const reply = await ask(model, messages);
    messages.push(reply, ...resultsOf(reply));
  }
  const requests = server.requests.map(({ body }) => JSON.parse(body));
  for (const [index, { input, ...head }] of requests.slice(0, -1).entries()) {
    const { input: next, ...nextHead } = requests[index + 1];
    expect(JSON.stringify(nextHead)).toBe(JSON.stringify(head));
    expect(next.length).toBeGreaterThan(input.length);
    expect(JSON.stringify(next).startsWith(JSON.stringify(input).slice(0, -1))).toBe(true);
  }
});

test.each([
  ["max_output_tokens", "the model's reply was cut at its limit of 64,000 tokens; ask for a smaller change"],
  ["content_filter", "the provider ended the model's reply early (content_filter)"],
])("a reply that is incomplete by %s is no answer", async (reason, unusable) => {
  const cut = { status: "incomplete", incomplete_details: { reason } };
  const answer = response(cut, called('{"path": "a'));
  const incomplete = answer.events.map((event) => ({ ...event, type: "response.incomplete" }));
  await using server = await serve({ events: incomplete });
  expect(await ask(modelAt(server.url, "openai"))).toMatchObject({ unusable, usage: { output: 50 } });
});

test("a refusal is no answer", async () => {
  const refusal = { ...said(""), content: [{ type: "refusal", refusal: "I can't help with that." }] };
  await using server = await serve(response({}, refusal));
  expect(await ask(modelAt(server.url, "openai"))).toMatchObject({
    text: "",
    unusable: 'the model refused to answer ("I can\'t help with that"); put the task in other words',
  });
});

test.each([
  ['{"path": "a', /not JSON: Unterminated string/],
  ["[1]", /not an object/],
  ['"a.js"', /not an object/],
])("the arguments %s are told to the model", async (text, fault) => {
  await using server = await serve(response({}, called(text)));
  const model = modelAt(server.url, "openai");
  const reply = await ask(model);
  expect(reply.calls).toEqual([
    { id: "call_1", name: "readFile", input: {}, fault: expect.stringMatching(fault) },
  ]);
  await ask(model, [task, reply, ...resultsOf(reply)]);
  expect(JSON.parse(server.requests[1]?.body ?? "").input[1].arguments).toBe(text);
});

test("a call without arguments has none", async () => {
  await using server = await serve(response({}, called("")));
  expect((await ask(modelAt(server.url, "openai"))).calls).toEqual([
    { id: "call_1", name: "readFile", input: {} },
  ]);
});

test("the requests of a conversation name the same place in the cache, those of another one another", async () => {
  await using server = await serve(response({}, called("{}")));
  const model = modelAt(server.url, "openai");
  const first = await ask(model);
  await ask(modelAt(server.url, "openai"), [task, first, ...resultsOf(first)]);
  await ask(model, [{ role: "user", kind: "task", text: "Another one." }]);
  const [one, again, other] = server.requests.map(({ body }) => JSON.parse(body).prompt_cache_key);
  expect(one).toMatch(/^[0-9a-f]{32}$/);
  expect(again).toBe(one);
  expect(other).not.toBe(one);
});

test("what is asked for of effort and length is in the request, and nothing where nothing is", async () => {
  await using server = await serve(response({}, said("Done.")));
  await ask(modelAt(server.url, "openai", { AFU9_MODEL_EFFORT: "max", AFU9_MODEL_MAX_OUTPUT: "1000" }));
  await ask(modelAt(server.url, "openai"));
  const [first, second] = server.requests.map(({ body }) => JSON.parse(body));
  expect(first).toMatchObject({ reasoning: { effort: "max" }, max_output_tokens: 1000 });
  expect(second).toMatchObject({ max_output_tokens: 64_000 });
  expect(second).not.toHaveProperty("reasoning");
});
