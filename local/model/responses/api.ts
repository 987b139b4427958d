// OpenAI's Responses API.
import type { Api, Conversation } from "../api.ts";
import { errorOf, refuseCaller } from "../openai-errors.ts";
import type { Piece } from "../prompt-cache.ts";
import { frame } from "../spell-out.ts";
import { checkRequest } from "./check-request.ts";
import { eventsOf } from "./events.ts";
import { type Item, isByModel, itemsOf, type ResponsesRequest } from "./request.ts";
import { responseOf } from "./response.ts";

export const responses: Api = {
  path: "/v1/responses",
  lookback: Number.POSITIVE_INFINITY,
  refuseCaller,
  read(body) {
    const checked = checkRequest(body);
    if ("fault" in checked) return checked;
    const { request } = checked;
    const thinks = request.include?.includes("reasoning.encrypted_content") ?? false;
    return { conversation: conversationOf(request), note: { thinks } };
  },
  say(answer, circumstances) {
    const body = responseOf(answer, circumstances);
    return { body, frames: eventsOf(body).map((event) => frame(event, event.type)) };
  },
  error: errorOf,
};

function conversationOf(request: ResponsesRequest): Conversation {
  const items = itemsOf(request);
  const [first] = items.filter((item) => "role" in item && item.role === "user");
  const isPrompt = (item: Item) => "role" in item && ["system", "developer"].includes(item.role);
  return {
    model: request.model,
    isStreamed: request.stream === true,
    system: request.instructions ?? items.filter(isPrompt).map(textOf).join("\n"),
    first: first ? textOf(first) : "",
    turn: turnsIn(items) + 1,
    pieces: piecesOf(request, items),
  };
}

/** The items of one turn stand together: between two of them is a result, or a word of the user. */
function turnsIn(items: Item[]): number {
  return items.filter((item, index) => {
    const before = items[index - 1];
    return isByModel(item) && !(before && isByModel(before));
  }).length;
}

function textOf(item: Item): string {
  if (!("role" in item)) return "";
  if (typeof item.content === "string") return item.content;
  return item.content.map((part) => ("text" in part ? part.text : "")).join("");
}

/** OpenAI puts a breakpoint behind the latest message of the user's or of a tool, and wherever it is told to. */
function piecesOf(request: ResponsesRequest, items: Item[]): Piece[] {
  const latest = items.findLastIndex((item) => !isByModel(item));
  const isImplicit = request.prompt_cache_options?.mode !== "explicit";
  const head = [...request.tools, ...(request.instructions ? [request.instructions] : [])];
  return [
    ...head.map((part) => ({ text: JSON.stringify(part), isBreakpoint: false })),
    ...items.map((item, index) => ({
      text: JSON.stringify(item, (key, value) => (key === "prompt_cache_breakpoint" ? undefined : value)),
      isBreakpoint: (isImplicit && index === latest) || isMarked(item),
    })),
  ];
}

function isMarked(item: Item): boolean {
  const content = "role" in item ? item.content : item.type === "function_call_output" ? item.output : "";
  if (typeof content === "string") return false;
  return content.some((part) => part.type === "input_text" && part.prompt_cache_breakpoint);
}
