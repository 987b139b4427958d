// Serves a script over the APIs of Anthropic and OpenAI. `@copilotkit/aimock` speaks them too, but shows a handler each
// request translated into OpenAI's shape, where what has to be checked and counted here (headers, blocks, cache_control) is lost.
import { appendFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { messageOf } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import type { Api, ErrorAnswer } from "./api.ts";
import { apis } from "./apis.ts";
import { askedBy, type Choose } from "./choose.ts";
import { createPromptCache, type PromptCache } from "./prompt-cache.ts";
import type { Fault } from "./script.ts";
import { sendFrames, sendJson } from "./send.ts";
import type { Placed } from "./sequence.ts";
import { spellOut } from "./spell-out.ts";

export type ModelOptions = {
  /** Says which reply a request gets. */
  choose: Choose;
  /** The file that keeps every request. */
  record?: string;
  log: Logger;
};
type Said = ReturnType<Api["say"]>;

/** An identical request gets its reply again. */
export function createModelServer({ choose, record, log }: ModelOptions): Server {
  const caches = new Map<Api, PromptCache>(apis.map((api) => [api, createPromptCache(api.lookback)]));
  const served = new Map<string, Said>();

  async function answer(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const stranger = api.refuseCaller(new Headers(request.headers as Record<string, string>));
    if (stranger) return refuse(response, stranger);
    const given = await text(request);
    if (record) await appendFile(record, `${JSON.stringify(given)}\n`);
    const body = parseJson(given);
    const checked = api.read(body);
    if ("fault" in checked) {
      const { fault: message, ...where } = checked;
      return refuse(response, api.error("invalid", { message, ...where }));
    }
    const { conversation, note } = checked;
    const asked = askedBy(given, conversation);
    log.info(asked, "turn asked for");
    const chosen = choose({ asked, conversation, body });
    // Not retried by the SDKs, as it is no use: a script does not grow.
    if ("dry" in chosen) return refuse(response, api.error("invalid", { message: chosen.dry }));

    const say = ({ reply, place }: Placed): Said => {
      const input = caches.get(api)?.take(conversation) ?? { fresh: 0, cacheRead: 0, cacheWrite: 0 };
      return api.say(spellOut(reply), { seed: place, model: conversation.model, input, note });
    };
    if ("fault" in chosen) {
      log.info({ fault: chosen.fault.fault }, "fault played");
      const broken = chosen.next && say(chosen.next);
      return playFault(response, { api, fault: chosen.fault, said: broken, conversation });
    }
    const said = served.get(asked.request) ?? say(chosen);
    served.set(asked.request, said);
    if (conversation.isStreamed) return sendFrames(response, said.frames);
    sendJson(response, { status: 200, body: said.body });
  }

  function refuse(response: ServerResponse, error: ErrorAnswer): void {
    log.warn({ status: error.status, detail: error.body }, "request refused");
    sendJson(response, error);
  }

  return createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://model").pathname;
    if (path === "/v1/models" && request.method === "GET") return listModels(request, response);
    const api = apis.find((one) => one.path === path && request.method === "POST");
    if (!api) {
      const message = `There is no ${request.method} ${path} here.`;
      return refuse(response, nearest(path).error("not-found", { message }));
    }
    answer(api, request, response).catch((error: unknown) => {
      log.error({ error: messageOf(error) }, "request failed");
      if (response.headersSent) response.destroy();
      else refuse(response, api.error("server-error", {}));
    });
  });
}

/** Both providers have it at this path. It is asked whether a key is good; the scripts' models have any name. */
function listModels(request: IncomingMessage, response: ServerResponse): void {
  const headers = new Headers(request.headers as Record<string, string>);
  const api = apis.find((one) => !one.refuseCaller(headers));
  const list = { status: 200, body: { object: "list", data: [], has_more: false } };
  sendJson(response, api ? list : apis[0].error("credentials", {}));
}

type Playing = { api: Api; fault: Fault; said?: Said; conversation: { isStreamed: boolean } };

async function playFault(
  response: ServerResponse,
  { api, fault, said, conversation }: Playing,
): Promise<void> {
  const { fault: kind, after = {}, retryAfter } = fault;
  if (typeof kind === "object") return sendJson(response, kind);
  if (kind !== "cut" && kind !== "stalled") return sendJson(response, api.error(kind, { retryAfter }));
  const frames = conversation.isStreamed ? (said?.frames ?? []) : [JSON.stringify(said?.body ?? {})];
  const whole = (after.events === undefined ? frames : frames.slice(0, after.events)).join("");
  const sent = after.bytes === undefined ? whole : Buffer.from(whole).subarray(0, after.bytes);
  const type = conversation.isStreamed ? "text/event-stream" : "application/json";
  response.writeHead(200, { "content-type": type }).flushHeaders();
  // Written to the socket before it is ended, so that the other side gets just these bytes.
  response.write(sent, () => {
    if (kind === "cut") response.destroy();
  });
}

/** The API whose words a wrong path is refused in. */
function nearest(path: string): Api {
  const folder = path.slice(0, path.lastIndexOf("/"));
  return apis.find((api) => api.path.startsWith(`${folder}/`) && folder !== "/v1") ?? apis[0];
}

/** A text that is no JSON is a body that no check lets through. */
function parseJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}
