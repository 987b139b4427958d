// OpenAI's Chat Completions, which many other servers speak as well.
import type { Api, Conversation } from "../api.ts";
import { errorOf, refuseCaller } from "../openai-errors.ts";
import type { Piece } from "../prompt-cache.ts";
import { frame } from "../spell-out.ts";
import { checkRequest } from "./check-request.ts";
import { chunksOf, completionOf } from "./completion.ts";
import { type ChatRequest, type Message, textOf } from "./request.ts";

export const chat: Api = {
  path: "/v1/chat/completions",
  lookback: Number.POSITIVE_INFINITY,
  refuseCaller,
  read(body) {
    const checked = checkRequest(body);
    if ("fault" in checked) return checked;
    const { request } = checked;
    const hidesUsage = !request.stream_options?.include_usage;
    return { conversation: conversationOf(request), note: { hidesUsage } };
  },
  say(answer, circumstances) {
    const body = completionOf(answer, circumstances);
    const chunks = chunksOf(body, !circumstances.note.hidesUsage);
    return { body, frames: [...chunks.map((chunk) => frame(chunk)), frame("[DONE]")] };
  },
  error: (kind, details) =>
    errorOf(
      kind,
      kind === "context-overflow" ? { message: tooLong, param: "messages", ...details } : details,
    ),
};

const tooLong =
  "This model's maximum context length is 128000 tokens. However, your messages resulted in 215377 tokens. Please reduce the length of the messages.";

function conversationOf({
  model,
  stream,
  messages,
  tools = [],
  prompt_cache_options,
}: ChatRequest): Conversation {
  const isPrompt = ({ role }: Message) => role === "system" || role === "developer";
  const first = messages.find(({ role }) => role === "user");
  const latest = messages.findLastIndex(({ role }) => role !== "assistant");
  const isImplicit = prompt_cache_options?.mode !== "explicit";
  const pieces: Piece[] = [
    ...tools.map((tool) => ({ text: JSON.stringify(tool), isBreakpoint: false })),
    ...messages.map((message, index) => ({
      text: JSON.stringify(message, (key, value) => (key === "prompt_cache_breakpoint" ? undefined : value)),
      isBreakpoint: (isImplicit && index === latest) || isMarked(message),
    })),
  ];
  return {
    model,
    isStreamed: stream === true,
    system: messages.filter(isPrompt).map(textOf).join("\n"),
    first: first ? textOf(first) : "",
    turn: messages.filter(({ role }) => role === "assistant").length + 1,
    pieces,
  };
}

function isMarked({ content }: Message): boolean {
  return Array.isArray(content) && content.some((part) => part.prompt_cache_breakpoint);
}
