import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, test } from "@jest/globals";
import OpenAI from "openai";
import { messageOf, PermanentFault } from "../../shared/errors.ts";
import { createAnthropicModel } from "./anthropic.ts";
import type { Model } from "./model.ts";
import { createOpenAIModel } from "./openai.ts";
import { apiKey, ask, failureOf, modelAt } from "./testing/asked.ts";
import { type Answer, serve } from "./testing/serve.ts";

const both: Model["provider"][] = ["anthropic", "openai"];

/** What came of one request to a provider that answers so, and how often the SDK tried. */
async function failAt(provider: Model["provider"], ...answers: Answer[]) {
  await using server = await serve(...answers);
  const error = await failureOf(ask(modelAt(server.url, provider)));
  return {
    isPermanent: error instanceof PermanentFault,
    said: messageOf(error),
    tries: server.requests.length,
  };
}

/** The provider's form of an error. */
function fault(type: string, message: string, more: object = {}) {
  return { type: "error", error: { type, message, ...more } };
}

describe.each(both)("%s", (provider) => {
  const name = provider === "openai" ? "OpenAI" : "Anthropic";
  const model = provider === "openai" ? "gpt-6-sol" : "claude-opus-5-5";

  test.each([
    [400, "invalid_request_error", "tools.0: bad schema", "tools.0: bad schema."],
    [401, "authentication_error", "invalid x-api-key", "_API_KEY in the worker's environment."],
    [402, "billing_error", "Your card expired.", "Raise the spending limit"],
    [403, "permission_error", "not allowed", "may use this model."],
    [413, "request_too_large", "Request too large", "has grown too long"],
    [422, "invalid_request_error", "unprocessable", "unprocessable."],
  ])("a %i fails at once, with the provider's words and what to do", async (status, type, message, end) => {
    const { isPermanent, said, tries } = await failAt(provider, { status, body: fault(type, message) });
    expect({ isPermanent, tries }).toEqual({ isPermanent: true, tries: 1 });
    const words = message.replace(/\.$/, "");
    expect(said).toMatch(`${name} answered ${status} for the model ${model}: ${words}.`);
    expect(said).not.toContain("..");
    expect(said).toMatch(end);
    expect(said.split(words)).toHaveLength(2);
  });

  test.each([408, 409, 429, 500, 503, 529])("a %i may pass, and the SDK tries five times", async (status) => {
    const body = fault("api_error", "Come back later");
    expect(await failAt(provider, { status, body })).toEqual({
      isPermanent: false,
      said: `${name} answered ${status} for the model ${model}: Come back later.`,
      tries: 5,
    });
  });

  test("a wait that is longer than a minute is not sat out", async () => {
    const headers = { "retry-after-ms": "", "retry-after": "61" };
    const body = fault("rate_limit_error", "Slow down");
    const { isPermanent, tries } = await failAt(provider, { status: 429, headers, body });
    expect({ isPermanent, tries }).toEqual({ isPermanent: false, tries: 1 });
  });

  test("a spending limit is no rate limit: it is not tried again", async () => {
    const details = { error_code: "enforced_spend_limit_reached" };
    const body = fault("rate_limit_error", "The spend limit is reached.", {
      code: details.error_code,
      details,
    });
    expect(await failAt(provider, { status: 429, body })).toEqual({
      isPermanent: true,
      said: `${name} answered 429 for the model ${model}: The spend limit is reached. Raise the spending limit at the provider, then try again.`,
      tries: 1,
    });
  });

  test("no key is quoted, not the real one and none that looks like one", async () => {
    const message = `Incorrect API key provided: ${apiKey}, sk-proj-ab12****wxyz or Bearer abc.`;
    const { said } = await failAt(provider, { status: 401, body: fault("authentication_error", message) });
    expect(said).toMatch("Incorrect API key provided: [key], [key] or Bearer [key].");
    expect(said).not.toMatch(apiKey);
  });

  test("a long text is clipped", async () => {
    const body = fault("invalid_request_error", "word ".repeat(10_000));
    expect((await failAt(provider, { status: 400, body })).said.length).toBeLessThan(600);
  });

  test.each([
    ["an HTML page", "<html><body><h1>502 Bad Gateway</h1></body></html>", "502 Bad Gateway"],
    ["nothing", "", "no explanation"],
    ["JSON of another kind", { detail: "Not here" }, /Not here|no explanation/],
    ["an error that is a text", { error: "out of memory" }, "out of memory"],
  ])("a proxy's answer that is %s is told in one line", async (_kind, body, text) => {
    const { said } = await failAt(provider, { status: 502, body });
    expect(said).toMatch(`${name} answered 502 for the model ${model}: `);
    expect(said).toMatch(text);
    expect(said).not.toMatch(/[<\n]/);
  });

  test("a server without this API is named by its variable", async () => {
    const { isPermanent, said } = await failAt(provider, { status: 404, body: { detail: "Not Found" } });
    expect(isPermanent).toBe(true);
    expect(said).toMatch(
      provider === "openai" ? /OPENAI_BASE_URL: .*Responses API.*Chat Completions/ : /ANTHROPIC_BASE_URL: /,
    );
  });

  test("a server that isn't there may come back", async () => {
    const gone = await serve();
    await gone[Symbol.asyncDispose]();
    const client = { apiKey, baseURL: gone.url, maxRetries: 0 };
    const impatient =
      provider === "openai"
        ? createOpenAIModel("gpt-6-sol", new OpenAI(client))
        : createAnthropicModel("claude-opus-5-5", new Anthropic(client));
    const error = await failureOf(ask(impatient));
    expect(error).not.toBeInstanceOf(PermanentFault);
    expect(messageOf(error)).toMatch(/gave no whole answer for the model .*: connect ECONNREFUSED 127.0.0.1/);
  });

  test("an error inside of a stream that passes may be tried again", async () => {
    const event = fault("overloaded_error", "Overloaded", { code: "server_error" });
    expect(await failAt(provider, { events: [event] })).toEqual({
      isPermanent: false,
      said: `${name} gave no whole answer for the model ${model}: Overloaded.`,
      tries: 1,
    });
  });

  test("an error inside of a stream that does not pass fails at once", async () => {
    const event = fault("invalid_request_error", "prompt is too long");
    expect(await failAt(provider, { events: [event] })).toEqual({
      isPermanent: true,
      said: `${name} gave no whole answer for the model ${model}: prompt is too long. The conversation has grown too long for this model: ask for a smaller change.`,
      tries: 1,
    });
  });

  test("an abort stops the request, with the reason of whoever aborted", async () => {
    await using server = await serve({ events: [{ type: "ping" }], ending: "hang" });
    const abort = new AbortController();
    const reply = failureOf(ask(modelAt(server.url, provider), undefined, abort.signal));
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
  ["server_error", false],
  ["rate_limit_exceeded", false],
  ["invalid_prompt", true],
  ["bio_policy", true],
])("OpenAI's response that failed with %s is permanent: %s", async (code, isPermanent) => {
  const response = { status: "failed", error: { code, message: "Something is wrong" }, output: [] };
  expect(await failAt("openai", { events: [{ type: "response.failed", response }] })).toMatchObject({
    isPermanent,
    said: "OpenAI gave no whole answer for the model gpt-6-sol: Something is wrong.",
  });
});
