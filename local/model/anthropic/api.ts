// Anthropic's Messages API.
import type { Api, Conversation } from "../api.ts";
import type { Piece } from "../prompt-cache.ts";
import { frame } from "../spell-out.ts";
import { checkRequest } from "./check-request.ts";
import { errorOf } from "./errors.ts";
import { eventsOf } from "./events.ts";
import { messageOf } from "./message.ts";
import { blocksOf, type MessagesRequest } from "./request.ts";

export const anthropic: Api = {
  path: "/v1/messages",
  lookback: 20,
  /** Clients send their key in one header or the other; the SDK sends the first. Which key it is does not matter here. */
  refuseCaller(headers) {
    const hasKey = headers.get("x-api-key") || /^Bearer \S/.test(headers.get("authorization") ?? "");
    if (!hasKey) return errorOf("credentials", { message: "x-api-key header is required" });
    if (headers.get("anthropic-version")) return undefined;
    return errorOf("invalid", { message: "anthropic-version: header is required" });
  },
  read(body) {
    const checked = checkRequest(body);
    if ("fault" in checked) return checked;
    const { request } = checked;
    const thinks = request.thinking !== undefined && request.thinking.type !== "disabled";
    return { conversation: conversationOf(request), note: { thinks } };
  },
  say(answer, circumstances) {
    const body = messageOf(answer, circumstances);
    const events = eventsOf(
      body,
      answer.calls.map((call) => call.arguments),
    );
    return { body, frames: events.map((event) => frame(event, event.type)) };
  },
  error: errorOf,
};

function conversationOf(request: MessagesRequest): Conversation {
  const { model, stream, system, messages } = request;
  const [first] = messages[0] ? blocksOf(messages[0]) : [];
  return {
    model,
    isStreamed: stream,
    system: typeof system === "string" ? system : (system ?? []).map(({ text }) => text).join("\n"),
    first: first?.type === "text" ? first.text : "",
    turn: messages.filter(({ role }) => role === "assistant").length + 1,
    pieces: piecesOf(request),
  };
}

/** The order is fixed: tools, then system, then messages. A breakpoint is where `cache_control` stands. */
function piecesOf(request: MessagesRequest): Piece[] {
  const { tools, system, messages } = request;
  const systemBlocks = typeof system === "string" ? [{ text: system }] : (system ?? []);
  const turns = messages.flatMap((message) =>
    blocksOf(message).map((block) => ({ role: message.role, ...block })),
  );
  const blocks: Record<string, unknown>[] = [...tools, ...systemBlocks, ...turns];
  return blocks.map(({ cache_control, ...block }, index) => {
    const isLast = index === blocks.length - 1;
    return {
      text: JSON.stringify(block),
      isBreakpoint: Boolean(cache_control) || (isLast && Boolean(request.cache_control)),
    };
  });
}
