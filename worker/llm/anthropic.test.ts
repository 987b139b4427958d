import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { startModel } from "../../local/model/start-model.ts";
import { createLogger } from "../../shared/logger.ts";
import type { Message } from "./model.ts";
import { ask, failureOf, modelAt, resultsOf, task } from "./testing/asked.ts";
import { serve } from "./testing/serve.ts";
import { call, anthropicReply as reply, text, thinking } from "./testing/streams.ts";

/** The model of the demo, which checks a request as strictly as Anthropic does, with these replies. */
async function scripted(replies: object[]) {
  const folder = await mkdtemp(join(tmpdir(), "afu9-llm-"));
  const script = join(folder, "replies.json");
  await writeFile(script, JSON.stringify(replies));
  const server = await startModel({ script, port: 0, log: createLogger("model", "silent") });
  return {
    model: modelAt(server.url, "anthropic"),
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

test("a turn with many calls, their results, a blank reply and a repair are accepted, and read from the cache", async () => {
  const calls = Array.from({ length: 15 }, (_, index) => ({
    name: "readFile",
    input: { path: `${index}.js` },
  }));
  await using script = await scripted([{ text: "I read.", calls }, { text: " \n" }, { text: "Done." }]);
  const long: Message = { role: "user", kind: "task", text: "What is wrong here? ".repeat(500) };
  const first = await ask(script.model, [long]);
  const results = resultsOf(first).map((result) => ({ ...result, text: "" }));
  const blank = await ask(script.model, [long, first, ...results]);
  const repair: Message = { role: "user", kind: "repair", text: "Answer, please." };
  const last = await ask(script.model, [long, first, ...results, blank, repair]);

  expect(last.text).toBe("Done.");
  expect(first.usage.cacheWrite).toBeGreaterThan(2000);
  // 31 blocks follow the first breakpoint, and the provider looks back 20.
  expect(blank.usage.cacheRead).toBe(first.usage.cacheWrite);
  expect(last.usage.cacheRead).toBe(first.usage.cacheWrite + blank.usage.cacheWrite);
});

test("the bytes of a request are those of the one before, and what was said since", async () => {
  await using server = await serve({
    events: reply({ stop_reason: "tool_use" }, text("I read."), call(["{}"])),
  });
  const model = modelAt(server.url, "anthropic");
  const messages: Message[] = [task];
  for (let turn = 0; turn < 4; turn++) {
    const said = await ask(model, messages);
    messages.push(said, ...resultsOf(said));
  }
  await ask(model, messages.slice(0, -2));

  const bodies = server.requests.map(({ body }) => body);
  expect(bodies[4]).toBe(bodies[3]);
  for (const [index, body] of bodies.slice(0, 3).entries()) {
    const [before, after] = [body, bodies[index + 1] ?? ""].map(withoutBreakpoints);
    expect(after?.length).toBeGreaterThan(before?.length ?? 0);
    expect(after?.startsWith(before ?? "-")).toBe(true);
    expect(bodies[index + 1]?.match(/cache_control/g)).toHaveLength(3);
  }
});

/** A request up to the end of its messages, without the breakpoints, which move. */
function withoutBreakpoints(body: string): string {
  const { messages, stream, ...head } = JSON.parse(body);
  const bare = JSON.stringify({ ...head, messages }, (key, value) =>
    key === "cache_control" ? undefined : value,
  );
  return bare.replace(/\]\}$/, "");
}

test("a call that was cut is not taken for one", async () => {
  await using server = await serve({
    events: reply({ stop_reason: "max_tokens" }, call(['{"path":"a.js","con'])),
  });
  expect(await ask(modelAt(server.url, "anthropic"))).toMatchObject({
    unusable: "the model's reply was cut at its limit of 32,000 tokens; ask for a smaller change",
    usage: { output: 20 },
  });
});

test("a refusal is told with its explanation, and a pause as what it is", async () => {
  const details = { type: "refusal", category: "cyber", explanation: "This could do harm." };
  await using server = await serve(
    { events: reply({ stop_reason: "refusal", stop_details: details }, text("I can't")) },
    { events: reply({ stop_reason: "pause_turn" }, text("Later")) },
  );
  const model = modelAt(server.url, "anthropic");
  expect((await ask(model)).unusable).toBe(
    'the model refused to answer ("This could do harm"); put the task in other words',
  );
  expect((await ask(model)).unusable).toBe("the provider ended the model's reply early (pause_turn)");
});

test("arguments that are not JSON are told to the model, and the conversation goes on", async () => {
  await using server = await serve({
    events: reply({ stop_reason: "tool_use" }, call(['{"path": "a" "b"}'])),
  });
  const model = modelAt(server.url, "anthropic");
  const broken = await ask(model);
  expect(broken.calls).toEqual([
    {
      id: "toolu_1",
      name: "readFile",
      input: {},
      fault: expect.stringMatching(/not JSON: Expected ',' or '}'/),
    },
  ]);
  await using script = await scripted([{ text: "Done." }]);
  expect(await ask(script.model, [task, broken, ...resultsOf(broken)])).toMatchObject({ text: "Done." });
});

test("arguments that are no object are told to the model", async () => {
  await using server = await serve({ events: reply({ stop_reason: "tool_use" }, call(["[1]"])) });
  expect((await ask(modelAt(server.url, "anthropic"))).calls).toEqual([
    { id: "toolu_1", name: "readFile", input: {}, fault: expect.stringMatching(/not an object/) },
  ]);
});

test("a window that is full in the middle of a reply is a conversation that is too long, and is paid for", async () => {
  const full = { stop_reason: "model_context_window_exceeded" };
  await using server = await serve({ events: reply(full, text("So")) });
  expect(await failureOf(ask(modelAt(server.url, "anthropic")))).toMatchObject({
    kind: "context-overflow",
    costUsd: expect.closeTo((10 * 4 + 20 * 20) / 1e6, 12),
    message: expect.stringMatching(/grown too long for this model: ask for a smaller change\.$/),
  });
});

test("what the model thought goes back as it came, with its signature", async () => {
  await using server = await serve({
    events: reply({ stop_reason: "tool_use" }, thinking("Hm."), text("I read."), call(['{"path":"a.js"}'])),
  });
  const model = modelAt(server.url, "anthropic");
  const first = await ask(model);
  await ask(model, [task, first, ...resultsOf(first)]);
  expect(JSON.parse(server.requests[1]?.body ?? "").messages[1].content).toEqual([
    { type: "thinking", thinking: "Hm.", signature: "c2lnbmVk" },
    { type: "text", text: "I read." },
    { type: "tool_use", id: "toolu_1", name: "readFile", input: { path: "a.js" } },
  ]);
});

test("what is asked for of effort and length is in the request, and nothing where nothing is", async () => {
  await using server = await serve({ events: reply({ stop_reason: "end_turn" }, text("Done.")) });
  const more = { AFU9_MODEL_EFFORT: "xhigh", AFU9_MODEL_MAX_OUTPUT: "200000" };
  await ask(modelAt(server.url, "anthropic", more));
  await ask(modelAt(server.url, "anthropic"));
  const [first, second] = server.requests.map(({ body }) => JSON.parse(body));
  expect(first).toMatchObject({ output_config: { effort: "xhigh" }, max_tokens: 200_000 });
  expect(second).toMatchObject({ max_tokens: 32_000 });
  expect(second).not.toHaveProperty("output_config");
});

test("a call's id that Anthropic refuses is made allowed, in the call and in its result", async () => {
  const foreign: Message = {
    ...(await foreignReply()),
    calls: [{ id: "functions.readFile:0", name: "readFile", input: {} }],
  };
  await using script = await scripted([{ text: "Done." }]);
  expect(await ask(script.model, [task, foreign, ...resultsOf(foreign)])).toMatchObject({ text: "Done." });
});

async function foreignReply() {
  await using server = await serve({ events: reply({ stop_reason: "end_turn" }) });
  return { ...(await ask(modelAt(server.url, "anthropic"))), native: { provider: "openai", content: [] } };
}
