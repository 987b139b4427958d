// Serves a script over Anthropic's Messages API. `@copilotkit/aimock` speaks it too, but shows a handler each request
// translated into OpenAI's shape, where what has to be checked and counted here (headers, blocks, cache_control) is lost.
import { createHash } from "node:crypto";
import type Anthropic from "@anthropic-ai/sdk";
import { type Context, Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { Logger } from "../../shared/logger.ts";
import { checkRequest } from "./check-request.ts";
import { createPromptCache } from "./prompt-cache.ts";
import { replyMessage } from "./reply-message.ts";
import type { MessagesRequest } from "./request.ts";
import type { Reply } from "./script.ts";
import { streamEvents } from "./stream-events.ts";

export type ModelOptions = {
  replies: Reply[];
  /** The script's name in messages. */
  script: string;
  log: Logger;
};

/** The routes of the model. Replies are served one after the other; an identical request gets its reply again. */
export function createModelServer({ replies, script, log }: ModelOptions): Hono {
  const cache = createPromptCache();
  const served = new Map<string, Anthropic.Message>();
  const server = new Hono();

  server.post("/v1/messages", async (c) => {
    if (!hasKey(c)) return refuse(c, 401, "x-api-key header is required");
    if (!c.req.header("anthropic-version")) return refuse(c, 400, "anthropic-version: header is required");
    const text = await c.req.text();
    const checked = checkRequest(parseJson(text));
    if ("fault" in checked) return refuse(c, 400, checked.fault);

    const message = answer(text, checked.request);
    if (!message) return refuse(c, 400, runDry(script, replies.length));
    return checked.request.stream ? stream(c, message) : c.json(message);
  });

  server.notFound((c) => refuse(c, 404, `There is no ${c.req.method} ${c.req.path} here.`));
  server.onError((error, c) => {
    log.error({ error: error.message }, "request failed");
    return refuse(c, 500, "Internal server error");
  });
  return server;

  /** Undefined when the script has no reply left. */
  function answer(text: string, request: MessagesRequest): Anthropic.Message | undefined {
    const key = createHash("sha256").update(text).digest("hex");
    const known = served.get(key);
    const reply = replies[served.size];
    if (known || !reply) return known;

    const position = served.size + 1;
    const message = replyMessage(reply, { position, model: request.model, input: cache.take(request) });
    served.set(key, message);
    log.info({ position, of: replies.length }, "reply served");
    return message;
  }

  // Not retried by the SDK, as it is no use: a script does not grow.
  function refuse(c: Context, status: keyof typeof faultTypes, message: string): Response {
    log.warn({ status, detail: message }, "request refused");
    return c.json({ type: "error", error: { type: faultTypes[status], message }, request_id: null }, status);
  }
}

/** Clients send their key in one header or the other; the SDK sends the second. Which key it is does not matter here. */
function hasKey(c: Context): boolean {
  return Boolean(c.req.header("x-api-key")) || /^Bearer \S/.test(c.req.header("authorization") ?? "");
}

const faultTypes = {
  400: "invalid_request_error",
  401: "authentication_error",
  404: "not_found_error",
  500: "api_error",
} as const;

function runDry(script: string, count: number): string {
  const has = count === 1 ? "1 reply" : `${count} replies`;
  return `The script ${script} has ${has} and a ${ordinal(count + 1)} was asked for. Add a reply, or end the conversation earlier.`;
}

function ordinal(number: number): string {
  const suffixes = { one: "st", two: "nd", few: "rd", other: "th" } as Record<string, string>;
  return number + (suffixes[new Intl.PluralRules("en", { type: "ordinal" }).select(number)] ?? "th");
}

function stream(c: Context, message: Anthropic.Message): Response {
  return streamSSE(c, async (sse) => {
    for (const event of streamEvents(message)) {
      await sse.writeSSE({ event: event.type, data: JSON.stringify(event) });
    }
  });
}

/** A text that is no JSON is a body that no check lets through. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
