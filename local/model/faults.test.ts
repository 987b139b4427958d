// The faults of a script, as each API plays them.
import { describe, expect, test } from "@jest/globals";
import { openModel } from "./testing/open-model.ts";
import { type Speaker, speakers } from "./testing/speakers.ts";

const done = { text: "Done, which takes a sentence that is longer than one piece of a stream has room for." };
const call = { name: "readFile", input: { path: "a.js" } };

/** What went wrong, or the text that came. */
async function outcome(ask: Speaker["ask"], url: string, more: object = {}) {
  return ask(url, { isStreamed: true, ...more }).then(
    ({ text }) => ({ text }),
    ({ status, message }) => ({ status, message: String(message) }),
  );
}

describe.each(speakers)("$name", ({ ask, name }) => {
  const isAnthropic = name.startsWith("Anthropic");

  test.each([
    ["overloaded", isAnthropic ? 529 : 503, /overloaded/i],
    ["rate-limited", 429, /rate limit/i],
    ["spend-limit", 429, isAnthropic ? /enforced_spend_limit_reached/ : /current quota/],
    ["own-spend-limit", isAnthropic ? 400 : 429, /specified API usage limits|configured spend limit/],
    ["server-error", 500, /server/i],
    ["credentials", 401, /api[- ]key/i],
    ["context-overflow", 400, /prompt is too long|context window|maximum context length/],
  ])("a fault %s is a %i in the API's own words, once", async (fault, status, words) => {
    await using model = await openModel([{ fault }, done]);
    expect(await outcome(ask, model.url)).toEqual({ status, message: expect.stringMatching(words) });
    expect(await outcome(ask, model.url)).toEqual(done);
  });

  test("a fault meets as many requests as it says, and the SDK waits as long as it is told", async () => {
    await using model = await openModel([{ fault: "rate-limited", retryAfter: 0, times: 2 }, done]);
    expect(await outcome(ask, model.url, { maxRetries: 1 })).toMatchObject({ status: 429 });
    expect(await outcome(ask, model.url)).toEqual(done);
  });

  test("an answer of one's own is given as it is", async () => {
    const body = "<h1>Bad gateway</h1>";
    await using model = await openModel([{ fault: { status: 502, body } }, done]);
    expect(await outcome(ask, model.url)).toEqual({
      status: 502,
      message: expect.stringContaining("Bad gateway"),
    });
  });

  test("a stream that is cut ends before the answer does, wherever it is cut", async () => {
    const cuts = [0, 1, 20, 300, 600].map((bytes) => ({ fault: "cut", after: { bytes } }));
    const later = [0, 1, 3].map((events) => ({ fault: "cut", after: { events } }));
    await using model = await openModel([...cuts, ...later, done]);
    for (const _ of [...cuts, ...later]) {
      const cut = await outcome(ask, model.url);
      expect({ name, ...cut }).not.toHaveProperty("text");
    }
    expect(await outcome(ask, model.url)).toEqual(done);
  });

  test("a stream that comes to a standstill sends nothing until the other side leaves", async () => {
    await using model = await openModel([{ fault: "stalled", after: { events: 2 } }, done]);
    const controller = new AbortController();
    const paths = {
      Anthropic: "/v1/messages",
      "OpenAI's R": "/v1/responses",
      "OpenAI's C": "/v1/chat/completions",
    };
    const [, path = ""] = Object.entries(paths).find(([start]) => name.startsWith(start)) ?? [];
    const messages = [{ role: "user", content: "Hi." }];
    const body = {
      model: "m",
      max_tokens: 9,
      stream: true,
      ...(path.endsWith("responses") ? { input: "Hi." } : { messages }),
    };
    const { max_tokens, ...openai } = body;
    const response = await fetch(model.url + path, {
      method: "POST",
      headers: { "x-api-key": "k", authorization: "Bearer k", "anthropic-version": "2023-06-01" },
      body: JSON.stringify(isAnthropic ? { ...openai, max_tokens } : openai),
      signal: controller.signal,
    });
    const reader = response.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    expect(first.match(/data: /g)).toHaveLength(2);
    const next = reader?.read();
    controller.abort();
    await expect(next).rejects.toThrow(/abort/);
  });

  test("a refusal, an empty turn, a turn at its limit and a very long one are what the API makes of them", async () => {
    await using model = await openModel([
      { stop: "refusal", text: "I can't help with that." },
      { stop: "empty" },
      { stop: "max-tokens", text: "And so" },
      { text: "Long. ", tokens: 200_000 },
    ]);
    const heard = [];
    const history: unknown[] = [];
    for (let turn = 0; turn < 4; turn++) {
      heard.push(await ask(model.url, { isStreamed: true, history: [...history] }));
      history.push({ role: "user", content: "Go on." });
    }
    expect(heard[0]?.stop).toBe("refusal");
    expect(heard[1]).toMatchObject({ text: "", calls: [] });
    expect(heard[2]?.stop).toBe(
      isAnthropic ? "max_tokens" : name.includes("Chat") ? "length" : "max_output_tokens",
    );
    expect(heard[3]?.text).toHaveLength(800_000);
    expect(heard[3]?.tokens.output).toBe(200_000);
  });

  test("the same call many times over is as many turns", async () => {
    await using model = await openModel([{ calls: [call], times: 3 }, done]);
    const history: unknown[] = [];
    const ids: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const { calls, said } = await ask(model.url, { history: [...history] });
      ids.push(...calls.map(({ id }) => id));
      history.push(...said);
    }
    expect(new Set(ids).size).toBe(3);
    expect((await ask(model.url, { history })).text).toBe(done.text);
  });

  test("two calls of one id come as they are, and arguments that are no JSON as they are written", async () => {
    const twice = { ...call, id: "call_same" };
    await using model = await openModel([{ calls: [twice, twice] }]);
    expect((await ask(model.url)).calls.map(({ id }) => id)).toEqual(["call_same", "call_same"]);
  });
});

test.each(speakers.filter(({ name }) => name.startsWith("OpenAI")))(
  "arguments that are no JSON come as they are written by $name",
  async ({ ask }) => {
    await using model = await openModel([{ calls: [{ name: "readFile", arguments: '{"path": "a' }] }]);
    expect((await ask(model.url)).calls[0]?.arguments).toBe('{"path": "a');
  },
);
