// Serves a script over Anthropic's Messages API. `@copilotkit/aimock` speaks it too, but shows a handler each request
// translated into OpenAI's shape, where what has to be checked and counted here (headers, blocks, cache_control) is lost.
import type Anthropic from "@anthropic-ai/sdk";
import { type Context, Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { Logger } from "../../shared/logger.ts";
import { checkRequest } from "./check-request.ts";
import { askedBy, type Choose } from "./next-reply.ts";
import { createPromptCache } from "./prompt-cache.ts";
import { replyMessage } from "./reply-message.ts";
import { streamEvents } from "./stream-events.ts";

export type ModelOptions = {
  /** Says which reply a request gets. */
  choose: Choose;
  log: Logger;
};

/** The routes of the model. An identical request gets its reply again. */
export function createModelServer({ choose, log }: ModelOptions): Hono {
  const cache = createPromptCache();
  const served = new Map<string, Anthropic.Message>();
  const server = new Hono();

  server.post("/v1/messages", async (c) => {
    if (!hasKey(c)) return refuse(c, 401, "x-api-key header is required");
    if (!c.req.header("anthropic-version")) return refuse(c, 400, "anthropic-version: header is required");
    const text = await c.req.text();
    const checked = checkRequest(parseJson(text));
    if ("fault" in checked) return refuse(c, 400, checked.fault);

    const { request } = checked;
    const asked = askedBy(text, request);
    log.info(asked, "turn asked for");
    const next = choose(request, asked);
    if ("dry" in next) return refuse(c, 400, next.dry);

    const message =
      served.get(asked.request) ??
      replyMessage(next.reply, { place: next.place, model: request.model, input: cache.take(request) });
    served.set(asked.request, message);
    return request.stream ? stream(c, message) : c.json(message);
  });

  server.notFound((c) => refuse(c, 404, `There is no ${c.req.method} ${c.req.path} here.`));
  server.onError((error, c) => {
    log.error({ error: error.message }, "request failed");
    return refuse(c, 500, "Internal server error");
  });
  return server;

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
