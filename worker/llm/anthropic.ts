import type Anthropic from "@anthropic-ai/sdk";
import type { AssistantMessage, Message, Model, ToolCallRequest } from "./model.ts";
import { type Provider, toModelError } from "./model-error.ts";
import { costOf } from "./prices.ts";
import { cutAt, endedEarly, readInput, refused, tooLong } from "./reply.ts";

type Content = Anthropic.ContentBlockParam;
type Param = { role: "user" | "assistant"; content: Content[] };

/** The most that one reply may hold. */
const maxTokens = 32_000;

/** Claude, by Anthropic's Messages API, streaming. */
export function createAnthropicModel(name: string, client: Anthropic): Model {
  const provider: Provider = {
    name: "Anthropic",
    model: name,
    variables: { key: "ANTHROPIC_API_KEY", url: "ANTHROPIC_BASE_URL" },
    apiKey: client.apiKey,
  };
  return {
    provider: "anthropic",
    name,
    contextTokens: 200_000,
    maxOutputTokens: maxTokens,
    async reply({ system, messages, tools, signal }) {
      const request = {
        model: name,
        max_tokens: maxTokens,
        // What stays the same comes first, and the breakpoint behind it covers the tools as well.
        tools: tools.map((tool) => ({
          name: tool.name,
          description: tool.description,
          input_schema: { ...tool.inputSchema, type: "object" as const },
        })),
        system: [{ type: "text" as const, text: system, cache_control: { type: "ephemeral" as const } }],
        messages: withBreakpoints(toParams(messages)),
      };
      const reply = await client.messages
        .stream(request, { signal })
        .finalMessage()
        .catch((error: unknown) => {
          signal.throwIfAborted();
          throw toModelError(error, provider);
        });
      return fromReply(reply, name);
    },
  };
}

function fromReply(reply: Anthropic.Message, name: string): AssistantMessage {
  const { content, usage } = reply;
  const spent = {
    input: usage.input_tokens,
    output: usage.output_tokens,
    cacheRead: usage.cache_read_input_tokens ?? 0,
    cacheWrite: usage.cache_creation_input_tokens ?? 0,
  };
  return {
    role: "assistant",
    text: content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n"),
    calls: content.flatMap((block): ToolCallRequest[] =>
      block.type === "tool_use" ? [{ id: block.id, name: block.name, ...readInput(block.input) }] : [],
    ),
    usage: spent,
    costUsd: costOf(spent, name, "anthropic"),
    unusable: unusable(reply),
    ...(reply.stop_reason === "refusal" && { isRefusal: true }),
    native: { provider: "anthropic", content },
  };
}

/** Of a reply that was cut within a call, the SDK gives what could be read: arguments that nobody wrote. */
function unusable({ stop_reason, stop_details }: Anthropic.Message): string | undefined {
  switch (stop_reason) {
    case "end_turn":
    case "tool_use":
    case "stop_sequence":
    case null:
      return undefined;
    case "max_tokens":
      return cutAt(maxTokens);
    case "model_context_window_exceeded":
      return tooLong;
    case "refusal":
      return refused(stop_details?.type === "refusal" ? stop_details.explanation : null);
    default:
      return endedEarly(stop_reason);
  }
}

/**
 * Neighbours of the same role become one message, as the API wants all results of a turn together. It refuses empty
 * messages and blank texts, also those that it sent itself.
 */
function toParams(messages: readonly Message[]): Param[] {
  const params: Param[] = [];
  for (const message of messages) {
    const role = message.role === "assistant" ? "assistant" : "user";
    const content = toContent(message).filter((block) => block.type !== "text" || block.text.trim() !== "");
    const last = params.at(-1);
    if (last?.role === role) last.content.push(...content);
    if (last?.role !== role && content.length > 0) params.push({ role, content });
  }
  return params;
}

function toContent(message: Message): Content[] {
  if (message.role === "user") return [{ type: "text", text: message.text }];
  if (message.role === "tool") {
    const { callId, text, isError } = message;
    return [
      {
        type: "tool_result",
        tool_use_id: allowedId(callId),
        content: text.trim() ? text : "(no output)",
        is_error: isError,
      },
    ];
  }
  if (message.native.provider === "anthropic") return message.native.content as Content[];
  const calls = message.calls.map(
    ({ id, name, input }): Content => ({ type: "tool_use", id: allowedId(id), name, input }),
  );
  return [{ type: "text", text: message.text }, ...calls];
}

/** Another provider's ids may hold what Anthropic refuses. */
function allowedId(id: string): string {
  return id.replace(/[^a-zA-Z0-9_-]/g, "_");
}

/**
 * Marks the ends of the last two turns of ours. The first of them is where the request before ended: it is found in
 * the cache also when the turn in between has more blocks than the 20 that the provider looks back.
 */
function withBreakpoints(params: Param[]): Param[] {
  const ends = params.flatMap(({ role }, index) => (role === "user" ? [index] : [])).slice(-2);
  return params.map((param, index) => {
    const last = param.content.at(-1);
    if (!last || !ends.includes(index)) return param;
    const marked = { ...last, cache_control: { type: "ephemeral" } } as Content;
    return { ...param, content: [...param.content.slice(0, -1), marked] };
  });
}
