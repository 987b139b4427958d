import type Anthropic from "@anthropic-ai/sdk";
import type { AssistantMessage, Message, Model, ToolCallRequest } from "./model.ts";
import { toModelError } from "./model-error.ts";
import { costOf } from "./prices.ts";

type Content = Anthropic.ContentBlockParam;
type Param = { role: "user" | "assistant"; content: Content[] };

/** The most that one reply may hold. */
const maxTokens = 32_000;

/** Claude, by Anthropic's Messages API, streaming. */
export function createAnthropicModel(name: string, client: Anthropic): Model {
  return {
    provider: "anthropic",
    name,
    async reply({ system, messages, tools, signal }) {
      const request = {
        model: name,
        max_tokens: maxTokens,
        // What stays the same comes first, each part with a breakpoint: the prefix is read from the cache.
        tools: tools.map((tool) => ({
          name: tool.name,
          description: tool.description,
          input_schema: { ...tool.inputSchema, type: "object" as const },
        })),
        system: [{ type: "text" as const, text: system, cache_control: { type: "ephemeral" as const } }],
        messages: withBreakpoint(toParams(messages)),
      };
      const reply = await client.messages
        .stream(request, { signal })
        .finalMessage()
        .catch((error: unknown) => {
          throw toModelError(error, "Anthropic", name);
        });
      return fromReply(reply, name);
    },
  };
}

function fromReply({ content, usage }: Anthropic.Message, name: string): AssistantMessage {
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
      block.type === "tool_use" ? [{ id: block.id, name: block.name, input: inputOf(block.input) }] : [],
    ),
    usage: spent,
    costUsd: costOf(spent, name, "anthropic"),
    native: { provider: "anthropic", content },
  };
}

function inputOf(input: unknown): Record<string, unknown> {
  return input !== null && typeof input === "object" ? { ...input } : {};
}

/** Neighbours of the same role become one message, as the API wants all results of a turn together. */
function toParams(messages: readonly Message[]): Param[] {
  const params: Param[] = [];
  for (const message of messages) {
    const role = message.role === "assistant" ? "assistant" : "user";
    const last = params.at(-1);
    if (last?.role === role) last.content.push(...toContent(message));
    if (last?.role !== role) params.push({ role, content: toContent(message) });
  }
  return params;
}

function toContent(message: Message): Content[] {
  if (message.role === "user") return [{ type: "text", text: message.text }];
  if (message.role === "tool") {
    const { callId, text, isError } = message;
    return [{ type: "tool_result", tool_use_id: callId, content: text || "(no output)", is_error: isError }];
  }
  if (message.native.provider === "anthropic") return message.native.content as Content[];
  const calls = message.calls.map((call): Content => ({ type: "tool_use", ...call }));
  return message.text ? [{ type: "text", text: message.text }, ...calls] : calls;
}

function withBreakpoint(params: Param[]): Param[] {
  const last = params.at(-1);
  const block = last?.content.at(-1);
  if (!last || !block || (block.type !== "text" && block.type !== "tool_result")) return params;
  const marked: Content = { ...block, cache_control: { type: "ephemeral" } };
  return [...params.slice(0, -1), { ...last, content: [...last.content.slice(0, -1), marked] }];
}
