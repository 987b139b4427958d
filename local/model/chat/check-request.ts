import type { Refused } from "../api.ts";
import { repeatedName, shapeFault } from "../openai-shape.ts";
import { ChatRequest, type Message } from "./request.ts";

/** Checks a request the way OpenAI does: its shape, and that the conversation makes sense. */
export function checkRequest(body: unknown): { request: ChatRequest } | Refused {
  const parsed = ChatRequest.safeParse(body);
  if (!parsed.success) return shapeFault(parsed.error);
  const request = parsed.data;
  const fault =
    optionsFault(request) ??
    repeatedName((request.tools ?? []).map((tool) => tool.function.name)) ??
    conversationFault(request.messages);
  return fault ?? { request };
}

const thinking = /^(?:o\d|gpt-(?:[5-9]|\d\d))/;

function optionsFault({ model, stream, stream_options, max_tokens }: ChatRequest): Refused | undefined {
  if (stream_options && !stream) {
    const fault = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
    return { fault, param: "stream_options" };
  }
  if (!max_tokens || !thinking.test(model)) return undefined;
  return {
    fault:
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    code: "unsupported_parameter",
    param: "max_tokens",
  };
}

/** The results of a turn's calls follow it at once, one each. */
function conversationFault(messages: Message[]): Refused | undefined {
  let open: string[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role === "tool") {
      if (!open.includes(message.tool_call_id)) return strayResult(index);
      open = open.filter((id) => id !== message.tool_call_id);
      continue;
    }
    const fault = unanswered(open, index) ?? emptyFault(message, index);
    if (fault) return fault;
    open = message.role === "assistant" ? (message.tool_calls ?? []).map(({ id }) => id) : [];
  }
  return unanswered(open, messages.length);
}

function strayResult(index: number): Refused {
  return {
    fault:
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    param: `messages.[${index}].role`,
  };
}

function unanswered(open: string[], index: number): Refused | undefined {
  if (open.length === 0) return undefined;
  return {
    fault: `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.join(", ")}`,
    param: `messages.[${index}].role`,
  };
}

function emptyFault(message: Message, index: number): Refused | undefined {
  if (message.role !== "assistant" || message.tool_calls || message.refusal) return undefined;
  if (message.content !== null && message.content !== undefined) return undefined;
  const param = `messages.[${index}].content`;
  return { fault: `Invalid value for 'content': expected a string, got null.`, param };
}
