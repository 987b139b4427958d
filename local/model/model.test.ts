import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { createLogger } from "../../shared/logger.ts";
import { loadAgents } from "../../worker/agent/agent-definition.ts";
import { type RunningModel, startModel } from "./start-model.ts";

const tools: Anthropic.Tool[] = [
  { name: "readFile", description: "Read a file.", input_schema: { type: "object", properties: {} } },
];
const question: Anthropic.MessageParam = { role: "user", content: "What is wrong here?" };
const readBoth = {
  text: "Größe 🙂: I read both files, which takes a sentence that is longer than a piece of the stream.",
  calls: [
    { name: "readFile", input: { path: "src/größe.js", from: 1 } },
    { name: "readFile", input: {} },
  ],
};

let folder: string;
let model: RunningModel;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "afu9-model-"));
});
afterEach(async () => {
  await model.close();
  await rm(folder, { recursive: true });
});

async function clientOf(replies: object, options: object = {}): Promise<Anthropic> {
  const script = join(folder, "replies.json");
  await writeFile(script, JSON.stringify(replies));
  model = await startModel({ script, port: 0, log: createLogger("model", "silent") });
  return new Anthropic({ apiKey: "local", baseURL: model.url, maxRetries: 0, ...options });
}

function ask(messages: Anthropic.MessageParam[], more: object = {}) {
  return { model: "claude-test", max_tokens: 1000, tools, messages, ...more };
}

/** The turn in which every call of a reply is answered. */
function resultsOf(reply: Anthropic.Message): Anthropic.MessageParam[] {
  const results = reply.content.flatMap((block) =>
    block.type === "tool_use" ? [{ type: "tool_result" as const, tool_use_id: block.id, content: "ok" }] : [],
  );
  return [
    { role: "assistant", content: reply.content },
    { role: "user", content: results },
  ];
}

test("replies are served one after the other", async () => {
  const client = await clientOf([readBoth, { text: "Done." }]);
  const first = await client.messages.create(ask([question]));
  expect(first.stop_reason).toBe("tool_use");
  expect(first.content.map((block) => block.type)).toEqual(["text", "tool_use", "tool_use"]);

  const second = await client.messages.create(ask([question, ...resultsOf(first)]));
  expect(second.stop_reason).toBe("end_turn");
  expect(second.content).toMatchObject([{ type: "text", text: "Done." }]);
});

test("a streamed message is the same as one that is not streamed", async () => {
  const whole = await (await clientOf([readBoth])).messages.create(ask([question]));
  await model.close();
  const stream = (await clientOf([readBoth])).messages.stream(ask([question]));
  const pieces: string[] = [];
  stream.on("text", (piece) => pieces.push(piece));
  const streamed = await stream.finalMessage();

  expect(pieces.length).toBeGreaterThan(1);
  expect(streamed.content).toEqual(whole.content);
  expect(streamed).toMatchObject({
    id: whole.id,
    stop_reason: "tool_use",
    usage: { output_tokens: whole.usage.output_tokens },
  });
});

test("ids differ within a conversation and are the same on every run", async () => {
  const idsOf = async () => {
    const client = await clientOf([readBoth, readBoth]);
    const first = await client.messages.create(ask([question]));
    const second = await client.messages.create(ask([question, ...resultsOf(first)]));
    await model.close();
    return [first, second].flatMap(({ id, content }) => [
      id,
      ...content.flatMap((block) => (block.type === "tool_use" ? block.id : [])),
    ]);
  };
  const ids = await idsOf();
  expect(new Set(ids).size).toBe(6);
  expect(ids).toEqual(await idsOf());
  await clientOf([readBoth]);
});

test("an identical request gets its reply again and does not use up the script", async () => {
  const client = await clientOf([{ text: "One." }, { text: "Two." }]);
  const first = await client.messages.create(ask([question]));
  expect(await client.messages.create(ask([question]))).toEqual(first);
  const other = await client.messages.create(ask([{ role: "user", content: "And now?" }]));
  expect(other.content).toMatchObject([{ text: "Two." }]);
});

test("with replies by agent, each of many conversations gets the reply for its own turn", async () => {
  const agents = { plan: [readBoth, { text: "Planned." }], implement: [{ text: "Done." }] };
  const client = await clientOf({ agents });
  const prompts = await loadAgents(join(import.meta.dirname, "../../agents"));
  const asks = (agent: string, messages: Anthropic.MessageParam[]) =>
    client.messages.create(ask(messages, { system: prompts.get(agent)?.prompt }));
  const other: Anthropic.MessageParam = { role: "user", content: "Another issue" };

  const first = await asks("plan", [question]);
  const alike = await asks("plan", [other]);
  expect(alike.content).toEqual(first.content);
  expect((await asks("implement", [question])).content).toMatchObject([{ text: "Done." }]);
  expect((await asks("plan", [other, ...resultsOf(alike)])).content).toMatchObject([{ text: "Planned." }]);
  expect((await asks("plan", [question, ...resultsOf(first)])).content).toMatchObject([{ text: "Planned." }]);
  await expect(asks("plan", [question, ...resultsOf(first), question, ...resultsOf(first)])).rejects.toThrow(
    /replies\.json \(agent plan\) has 2 replies and a 3rd was asked for/,
  );
  await expect(client.messages.create(ask([question], { system: "You sing." }))).rejects.toThrow(
    "no replies for an agent with this prompt: You sing.",
  );
});

test("a script for an agent that is not there names those that are", async () => {
  await clientOf([{ text: "One." }]);
  await model.close();
  await expect(clientOf({ agents: { sing: [{ text: "La." }] } })).rejects.toThrow(
    /names the agent sing\. Expected one of .*plan/,
  );
  await clientOf([{ text: "One." }]);
});

test("a script that has run dry is an error that the SDK does not retry", async () => {
  const client = await clientOf([{ text: "One." }], { maxRetries: 2 });
  await client.messages.create(ask([question]));
  const dry = client.messages.create(ask([{ role: "user", content: "More?" }]));
  await expect(dry).rejects.toMatchObject({
    status: 400,
    error: { error: { type: "invalid_request_error" } },
  });
  await expect(dry).rejects.toThrow(
    /The script .*replies\.json has 1 reply and a 2nd was asked for\. Add a reply/,
  );
});

test("a request without a key is not authenticated", async () => {
  const client = await clientOf([{ text: "One." }], {
    apiKey: null,
    defaultHeaders: { authorization: null },
  });
  await expect(client.messages.create(ask([question]))).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
});

test("a call of a tool that was not offered is served nevertheless", async () => {
  const client = await clientOf([{ calls: [{ name: "launchRocket", input: {} }] }]);
  const reply = await client.messages.create(ask([question]));
  expect(reply.content).toMatchObject([{ type: "tool_use", name: "launchRocket" }]);
});

const call = { type: "tool_use" as const, id: "toolu_1", name: "readFile", input: {} };
const called: Anthropic.MessageParam = { role: "assistant", content: [call] };
const result = { type: "tool_result" as const, tool_use_id: "toolu_1", content: "ok" };
const marked = { type: "text" as const, text: "a", cache_control: { type: "ephemeral" as const } };

test.each([
  ["no messages", ask([]), "at least one message is required"],
  ["an assistant's message first", ask([{ role: "assistant", content: "Hi." }, question]), "first message"],
  [
    "an assistant's message last",
    ask([question, { role: "assistant", content: "Hi." }]),
    "must end with a user message",
  ],
  [
    "a call without its result",
    ask([question, called, question]),
    "without `tool_result` blocks immediately after: toolu_1",
  ],
  ["a result without its call", ask([{ role: "user", content: [result] }]), "unexpected `tool_use_id`"],
  [
    "a text before the results",
    ask([question, called, { role: "user", content: [{ type: "text", text: "So:" }, result] }]),
    "immediately after",
  ],
  [
    "two results of one call",
    ask([question, called, { role: "user", content: [result, result] }]),
    "must have a single result",
  ],
  [
    "a call in a user's message",
    ask([{ role: "user", content: [call] }]),
    "messages.0.content.0: `tool_use` blocks",
  ],
  ["an empty text", ask([{ role: "user", content: "" }]), "messages.0.content"],
  ["five breakpoints", ask([{ role: "user", content: Array(5).fill(marked) }]), "maximum of 4 blocks"],
  [
    "a tool's name with a dot",
    ask([question], { tools: [{ ...tools[0], name: "workspace.readFile" }] }),
    "tools.0.name",
  ],
  ["two tools of one name", ask([question], { tools: [...tools, ...tools] }), "must be unique"],
  [
    "calls, but no tools",
    ask([question, called, { role: "user", content: [result] }], { tools: [] }),
    "must define tools",
  ],
  ["no max_tokens", ask([question], { max_tokens: undefined }), "max_tokens"],
])("a request with %s is refused", async (_what, request, fault) => {
  const client = await clientOf([{ text: "Fine." }]);
  const refused = client.messages.create(request as Anthropic.MessageCreateParamsNonStreaming);
  await expect(refused).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  await expect(refused).rejects.toThrow(fault);
});

test("two turns of one role in a row are allowed", async () => {
  const client = await clientOf([{ text: "Fine." }]);
  expect(await client.messages.create(ask([question, question]))).toMatchObject({ type: "message" });
});

test("a prefix that ended at a breakpoint is read from the cache by the next turn", async () => {
  const client = await clientOf([readBoth, { text: "Done." }]);
  const system = [
    { type: "text" as const, text: "rules ".repeat(2000), cache_control: { type: "ephemeral" as const } },
  ];
  const first = await client.messages.create(ask([question], { system }));
  const second = await client.messages.create(ask([question, ...resultsOf(first)], { system }));

  expect(first.usage.cache_creation_input_tokens).toBeGreaterThan(2000);
  expect(first.usage.cache_read_input_tokens).toBe(0);
  expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens);
  expect(second.usage.cache_creation_input_tokens).toBe(0);
  expect(second.usage.input_tokens).toBeGreaterThan(0);
});

test("a changed byte loses the cache from there on", async () => {
  const client = await clientOf([{ text: "One." }, { text: "Two." }]);
  const system = (text: string) => [
    { type: "text" as const, text, cache_control: { type: "ephemeral" as const } },
  ];
  await client.messages.create(ask([question], { system: system("rules ".repeat(2000)) }));
  const second = await client.messages.create(
    ask([question], { system: system(`${"rules ".repeat(2000)}!`) }),
  );
  expect(second.usage.cache_read_input_tokens).toBe(0);
});
