import type Anthropic from "@anthropic-ai/sdk";
import { toParams } from "./anthropic-params.ts";
import { readMessage, type Said } from "./anthropic-stream.ts";
import type { AssistantMessage, Model, ToolCallRequest } from "./model.ts";
import { type Provider, toModelFault } from "./model-error.ts";
import type { ModelOptions } from "./model-options.ts";
import { createCallIds, cutAt, endedEarly, parseInput, refused, type Usability, whole } from "./reply.ts";

const provider = "anthropic";

/** Claude, by Anthropic's Messages API, streaming. */
export function createAnthropicModel(options: ModelOptions, client: Anthropic): Model {
  const { name, effort, maxOutputTokens, contextTokens, costOf } = options;
  const asked: Provider = {
    name: "Anthropic",
    model: name,
    api: "Anthropic's Messages API, at `/v1/messages`.",
    variables: { key: "ANTHROPIC_API_KEY", url: "ANTHROPIC_BASE_URL" },
    apiKey: client.apiKey,
  };
  return {
    provider,
    name,
    contextTokens,
    maxOutputTokens,
    costOf,
    async reply({ system, messages, tools, signal }) {
      const request = {
        model: name,
        max_tokens: maxOutputTokens,
        ...(effort && { output_config: { effort } }),
        // What stays the same comes first, and the breakpoint behind it covers the tools as well.
        tools: tools.map((tool) => ({
          name: tool.name,
          description: tool.description,
          input_schema: { ...tool.inputSchema, type: "object" as const },
        })),
        system: [{ type: "text" as const, text: system, cache_control: { type: "ephemeral" as const } }],
        messages: toParams(messages, { provider, model: name }),
        stream: true as const,
      };
      const said: Partial<Said> = {};
      try {
        await readMessage(await client.messages.create(request, { signal }), said);
        return toReply(said as Said, createCallIds(messages), options);
      } catch (error) {
        signal.throwIfAborted();
        throw toModelFault(error, asked, said.usage && costOf(usageOf(said.usage)));
      }
    },
  };
}

function toReply(said: Said, idOf: (id: string) => string, options: ModelOptions): AssistantMessage {
  const calls: ToolCallRequest[] = [];
  const content = said.content.map(({ block, json }) => {
    if (block.type !== "tool_use") return block;
    const { name } = block;
    const id = idOf(block.id);
    const read = json === "" ? { input: { ...(block.input as object) } } : parseInput(json);
    calls.push({ id, name, ...read });
    return { ...block, id, input: read.input };
  });
  const usage = usageOf(said.usage);
  return {
    role: "assistant",
    text: content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n"),
    calls,
    usage,
    costUsd: options.costOf(usage),
    ...usability(said, options.maxOutputTokens),
    native: { provider, model: options.name, content },
  };
}

function usageOf(usage: Said["usage"]) {
  return {
    input: usage.input_tokens ?? 0,
    output: usage.output_tokens ?? 0,
    cacheRead: usage.cache_read_input_tokens ?? 0,
    cacheWrite: usage.cache_creation_input_tokens ?? 0,
  };
}

/** Of a reply that was cut within a call, the arguments that there are are nobody's. */
function usability({ stop }: Said, maxOutputTokens: number): Usability {
  const { stop_reason: reason, stop_details: details } = stop;
  switch (reason) {
    case "end_turn":
    case "tool_use":
    case "stop_sequence":
      return whole;
    case "max_tokens":
      return cutAt(maxOutputTokens);
    case "refusal":
      return refused(details?.type === "refusal" ? details.explanation : null);
    default:
      return endedEarly(reason ?? undefined);
  }
}
