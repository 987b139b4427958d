import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, test } from "@jest/globals";
import OpenAI from "openai";
import { createAnthropicModel } from "./anthropic.ts";
import { ModelFault } from "./model-fault.ts";
import { createOpenAIModel } from "./openai.ts";
import { createChatModel } from "./openai-chat.ts";
import { type Api, apiKey, apis, ask, failureOf, modelAt } from "./testing/asked.ts";
import { type Answer, serve } from "./testing/serve.ts";

/** What came of one request to a provider that answers so, and how often the SDK tried. */
async function failAt(api: Api, ...answers: Answer[]) {
  await using server = await serve(...answers);
  const error = await failureOf(ask(modelAt(server.url, api)));
  if (!(error instanceof ModelFault)) throw error;
  const { kind, message: said, retryAfterSeconds } = error;
  return { kind, said, retryAfterSeconds, tries: server.requests.length };
}

/** The provider's form of an error. */
function fault(type: string, message: string, more: object = {}) {
  return { type: "error", error: { type, message, ...more } };
}

describe.each(apis)("%s", (api) => {
  const name = api === "anthropic" ? "Anthropic" : "OpenAI";
  const model = api === "anthropic" ? "claude-opus-5-5" : "gpt-6-sol";

  test.each([
    [400, "invalid_request_error", "tools.0: bad schema", "invalid", "tools.0: bad schema."],
    [
      401,
      "authentication_error",
      "invalid x-api-key",
      "credentials",
      "_API_KEY in the worker's environment.",
    ],
    [402, "billing_error", "Your card expired.", "spend-limit", "Raise the spending limit"],
    [403, "permission_error", "not allowed", "credentials", "may use this model."],
    [413, "request_too_large", "Request too large", "context-overflow", "has grown too long"],
    [422, "invalid_request_error", "unprocessable", "invalid", "unprocessable."],
  ])(
    "a %i fails at once, with the provider's words and what to do",
    async (status, type, message, kind, end) => {
      const fails = await failAt(api, { status, body: fault(type, message) });
      expect(fails).toMatchObject({ kind, tries: 1 });
      const words = message.replace(/\.$/, "");
      expect(fails.said).toMatch(`${name} answered ${status} for the model ${model}: ${words}.`);
      expect(fails.said).not.toContain("..");
      expect(fails.said).toMatch(end);
      expect(fails.said.split(words)).toHaveLength(2);
    },
  );

  test.each([408, 409, 500, 503, 529])("a %i may pass, and the SDK tries five times", async (status) => {
    const body = fault("api_error", "Come back later");
    expect(await failAt(api, { status, body })).toMatchObject({
      kind: "overloaded",
      said: `${name} answered ${status} for the model ${model}: Come back later. It is tried again by itself.`,
      tries: 5,
    });
  });

  test("a rate limit is tried five times while its waits are short", async () => {
    const body = fault("rate_limit_error", "Slow down");
    expect(await failAt(api, { status: 429, body })).toMatchObject({
      kind: "rate-limited",
      retryAfterSeconds: 0.001,
      tries: 5,
    });
  });

  test.each([
    ["seconds", { "retry-after": "61" }, 61],
    ["milliseconds", { "retry-after-ms": "90500" }, 90.5],
    ["a date", { "retry-after": new Date(Date.now() + 3600_000).toUTCString() }, 3600],
  ])(
    "a wait of more than a minute, given as %s, is told and not sat out",
    async (_form, headers, seconds) => {
      const body = fault("rate_limit_error", "Slow down");
      const fails = await failAt(api, { status: 429, headers: { "retry-after-ms": "", ...headers }, body });
      expect(fails).toMatchObject({ kind: "rate-limited", tries: 1 });
      expect(Math.abs((fails.retryAfterSeconds ?? 0) - seconds)).toBeLessThan(60);
    },
  );

  test("a wait that is no time is none", async () => {
    const headers = { "retry-after-ms": "1", "retry-after": "soon" };
    const body = fault("overloaded_error", "Overloaded");
    const last: Answer = {
      status: 529,
      headers: { "retry-after-ms": "", "retry-after": "soon", "x-should-retry": "false" },
      body,
    };
    expect(await failAt(api, { status: 529, headers, body }, last)).toMatchObject({
      kind: "overloaded",
      retryAfterSeconds: undefined,
      tries: 2,
    });
  });

  test.each([
    [429, "rate_limit_error", "enforced_spend_limit_reached"],
    [429, "rate_limit_error", "contract_spend_limit_reached"],
    [429, "insufficient_quota", "insufficient_quota"],
    [403, "billing_error", "billing_not_active"],
  ])("a spending limit is no rate limit (%i, %s, %s): it is not tried again", async (status, type, code) => {
    const body = fault(type, "The spend limit is reached.", { code, details: { error_code: code } });
    expect(await failAt(api, { status, body })).toMatchObject({
      kind: "spend-limit",
      said: `${name} answered ${status} for the model ${model}: The spend limit is reached. Raise the spending limit in ${name}'s console or pay the bill there, then try again.`,
      tries: 1,
    });
  });

  test.each([
    ["prompt is too long: 1000001 tokens > 1000000 maximum", {}],
    ["input length and `max_tokens` exceed context limit: 990000 + 32000 > 1000000", {}],
    ["This model's maximum context length is 8192 tokens. However, you requested 9000 tokens", {}],
    ["Your input exceeds the context window of this model.", { code: "context_length_exceeded" }],
    [
      "the request exceeds the available context size, try increasing it",
      { code: "exceed_context_size_error" },
    ],
  ])("a conversation that is too long is known by: %s", async (message, more) => {
    const body = fault("invalid_request_error", message, more);
    const before = await failAt(api, { status: 400, body });
    const within = await failAt(api, { events: [body] });
    for (const fails of [before, within]) {
      expect(fails).toMatchObject({ kind: "context-overflow", tries: 1 });
      expect(fails.said).toMatch(/grown too long for this model: ask for a smaller change\.$/);
    }
  });

  test("no key is quoted, not the real one and none that looks like one", async () => {
    const message = `Incorrect API key provided: ${apiKey}, sk-proj-ab12****wxyz or Bearer abc.`;
    const { said } = await failAt(api, { status: 401, body: fault("authentication_error", message) });
    expect(said).toMatch("Incorrect API key provided: [key], [key] or Bearer [key].");
    expect(said).not.toMatch(apiKey);
  });

  test("a long text is clipped", async () => {
    const body = fault("invalid_request_error", "word ".repeat(10_000));
    expect((await failAt(api, { status: 400, body })).said.length).toBeLessThan(600);
  });

  test.each([
    ["an HTML page", "<html><body><h1>502 Bad Gateway</h1></body></html>", "502 Bad Gateway"],
    ["nothing", "", "no explanation"],
    ["JSON of another kind", { detail: "Not here" }, /Not here|no explanation/],
    ["an error that is a text", { error: "out of memory" }, "out of memory"],
  ])("a proxy's answer that is %s is told in one line", async (_kind, body, text) => {
    const { said } = await failAt(api, { status: 502, body });
    expect(said).toMatch(`${name} answered 502 for the model ${model}: `);
    expect(said).toMatch(text);
    expect(said).not.toMatch(/[<\n]/);
  });

  test("a server without this API is named by its variable", async () => {
    const { kind, said } = await failAt(api, { status: 404, body: { detail: "Not Found" } });
    expect(kind).toBe("invalid");
    const apiNames = {
      anthropic: /ANTHROPIC_BASE_URL: .*Messages API/,
      openai: /OPENAI_BASE_URL: .*Responses API.*AFU9_OPENAI_API=chat/,
      chat: /OPENAI_BASE_URL: .*Chat Completions/,
    };
    expect(said).toMatch(apiNames[api]);
  });

  test("a server that isn't there may come back", async () => {
    const gone = await serve();
    await gone[Symbol.asyncDispose]();
    const client = { apiKey, baseURL: gone.url, maxRetries: 0 };
    const options = { name: model, maxOutputTokens: 1000, contextTokens: 1000, costOf: () => 0 };
    const impatient = {
      anthropic: () => createAnthropicModel(options, new Anthropic(client)),
      openai: () => createOpenAIModel(options, new OpenAI(client)),
      chat: () => createChatModel(options, new OpenAI(client)),
    };
    const error = await failureOf(ask(impatient[api]()));
    expect(error).toMatchObject({ kind: "overloaded" });
    expect(error.message).toMatch(/gave no whole answer for the model .*: connect ECONNREFUSED 127.0.0.1/);
  });

  test.each([
    ["overloaded_error", "server_error", "overloaded"],
    ["api_error", undefined, "overloaded"],
    ["rate_limit_error", "rate_limit_exceeded", "rate-limited"],
    ["rate_limit_error", "insufficient_quota", "spend-limit"],
    ["authentication_error", undefined, "credentials"],
    ["invalid_request_error", undefined, "invalid"],
  ])(
    "an error inside of a stream (%s, %s) is %s, and the SDK does not try again",
    async (type, code, kind) => {
      const event = fault(type, "Something is wrong", { code });
      const fails = await failAt(api, { events: [event] });
      expect(fails).toMatchObject({ kind, tries: 1 });
      expect(fails.said).toMatch(`${name} gave no whole answer for the model ${model}: Something is wrong.`);
    },
  );

  test("an abort stops the request, with the reason of whoever aborted", async () => {
    await using server = await serve({ events: [{ type: "ping" }], ending: "hang" });
    const abort = new AbortController();
    const reply = failureOf(ask(modelAt(server.url, api), undefined, abort.signal));
    while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort(new Error("The worker is stopping."));
    expect((await reply).message).toBe("The worker is stopping.");
  });
});

test("a model that OpenAI does not have is told from a server without the API", async () => {
  const body = fault("invalid_request_error", "The model `gpt-6-sol` does not exist", {
    code: "model_not_found",
  });
  const { said } = await failAt("openai", { status: 404, body });
  expect(said).toMatch(/does not exist\. Check AFU9_MODEL\.$/);
});

test.each([
  ["server_error", "overloaded"],
  ["rate_limit_exceeded", "rate-limited"],
  ["invalid_prompt", "refused"],
  ["bio_policy", "refused"],
  ["data_residency_mismatch", "invalid"],
])("OpenAI's response that failed with %s is %s", async (code, kind) => {
  const response = { status: "failed", error: { code, message: "Something is wrong" }, output: [] };
  const fails = await failAt("openai", { events: [{ type: "response.failed", response }] });
  expect(fails.kind).toBe(kind);
  expect(fails.said).toMatch("OpenAI gave no whole answer for the model gpt-6-sol: Something is wrong.");
});

test.each([
  "Your credit balance is too low to access the Anthropic API.",
  "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
])("Anthropic says in words only that no money is left: %s", async (words) => {
  const body = fault("invalid_request_error", words);
  expect(await failAt("anthropic", { status: 400, body })).toMatchObject({ kind: "spend-limit", tries: 1 });
});
