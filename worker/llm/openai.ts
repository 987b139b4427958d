import type OpenAI from "openai";
import type { AssistantMessage, Message, Model, ToolCallRequest } from "./model.ts";
import { toModelError } from "./model-error.ts";
import { costOf } from "./prices.ts";

type Item = OpenAI.Responses.ResponseInputItem;

/** GPT, by OpenAI's Responses API, streaming. Nothing is kept at the provider: the transcript is ours. */
export function createOpenAIModel(name: string, client: OpenAI): Model {
  return {
    provider: "openai",
    name,
    async reply({ system, messages, tools, signal }) {
      const request = {
        model: name,
        instructions: system,
        input: messages.flatMap(toItems),
        tools: tools.map((tool) => ({
          type: "function" as const,
          name: tool.name,
          description: tool.description,
          parameters: tool.inputSchema,
          strict: false,
        })),
        store: false,
        include: ["reasoning.encrypted_content" as const],
      };
      const reply = await client.responses
        .stream(request, { signal })
        .finalResponse()
        .catch((error: unknown) => {
          throw toModelError(error, "OpenAI", name);
        });
      return fromReply(reply, name);
    },
  };
}

function fromReply({ output, usage }: OpenAI.Responses.Response, name: string): AssistantMessage {
  const cacheRead = usage?.input_tokens_details?.cached_tokens ?? 0;
  const spent = {
    input: (usage?.input_tokens ?? 0) - cacheRead,
    output: usage?.output_tokens ?? 0,
    cacheRead,
    cacheWrite: 0,
  };
  return {
    role: "assistant",
    text: output.flatMap((item) => (item.type === "message" ? item.content.map(textOf) : [])).join("\n"),
    calls: output.flatMap((item): ToolCallRequest[] =>
      item.type === "function_call"
        ? [{ id: item.call_id, name: item.name, input: parseInput(item.arguments) }]
        : [],
    ),
    usage: spent,
    costUsd: costOf(spent, name, "openai"),
    native: { provider: "openai", content: output },
  };
}

function textOf(part: OpenAI.Responses.ResponseOutputText | OpenAI.Responses.ResponseOutputRefusal): string {
  return part.type === "output_text" ? part.text : part.refusal;
}

/** Arguments that are not JSON go to the tool as they are: its answer tells the model what is wrong with them. */
function parseInput(text: string): Record<string, unknown> {
  try {
    const input: unknown = JSON.parse(text || "{}");
    return input !== null && typeof input === "object" ? { ...input } : { input };
  } catch {
    return { malformedArguments: text };
  }
}

function toItems(message: Message): Item[] {
  if (message.role === "user") return [{ role: "user", content: message.text }];
  if (message.role === "tool") {
    return [{ type: "function_call_output", call_id: message.callId, output: message.text || "(no output)" }];
  }
  if (message.native.provider === "openai") return message.native.content as Item[];
  const calls = message.calls.map(
    (call): Item => ({
      type: "function_call",
      call_id: call.id,
      name: call.name,
      arguments: JSON.stringify(call.input),
    }),
  );
  return message.text ? [{ role: "assistant", content: message.text }, ...calls] : calls;
}
