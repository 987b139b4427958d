import type OpenAI from "openai";
import type { AssistantMessage, Message, Model, ToolCallRequest } from "./model.ts";
import { type Provider, toModelError } from "./model-error.ts";
import { costOf } from "./prices.ts";
import { cutAt, endedEarly, parseInput, refused } from "./reply.ts";

type Item = OpenAI.Responses.ResponseInputItem;
type Response = OpenAI.Responses.Response;
type Event = OpenAI.Responses.ResponseStreamEvent;

/** The most that one reply may hold, what the model thinks included. */
const maxTokens = 64_000;

/** GPT, by OpenAI's Responses API, streaming. Nothing is kept at the provider: the transcript is ours. */
export function createOpenAIModel(name: string, client: OpenAI): Model {
  const provider: Provider = {
    name: "OpenAI",
    model: name,
    variables: { key: "OPENAI_API_KEY", url: "OPENAI_BASE_URL" },
    apiKey: client.apiKey,
  };
  return {
    provider: "openai",
    name,
    contextTokens: 400_000,
    maxOutputTokens: maxTokens,
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
        max_output_tokens: maxTokens,
        stream: true as const,
        store: false,
        include: ["reasoning.encrypted_content" as const],
      };
      try {
        const reply = await lastResponse(await client.responses.create(request, { signal }));
        return fromReply(reply, name);
      } catch (error) {
        signal.throwIfAborted();
        throw toModelError(error, provider);
      }
    },
  };
}

/**
 * The response as the provider sends it at the end. The SDK's `finalResponse` would do for most: but it takes a stream
 * that ends early for a whole one, and adds keys that the API refuses when they are sent back.
 */
async function lastResponse(events: AsyncIterable<Event>): Promise<Response> {
  let last: Response | undefined;
  for await (const event of events) {
    if (
      event.type === "response.completed" ||
      event.type === "response.incomplete" ||
      event.type === "response.failed"
    )
      last = event.response;
  }
  if (!last) throw new Error("the stream ended before the reply did");
  if (last.status === "failed") throw last.error ?? new Error("the reply failed, without a reason");
  return last;
}

function fromReply(reply: Response, name: string): AssistantMessage {
  const { output, usage } = reply;
  const cacheRead = usage?.input_tokens_details?.cached_tokens ?? 0;
  const cacheWrite = usage?.input_tokens_details?.cache_write_tokens ?? 0;
  const spent = {
    input: (usage?.input_tokens ?? 0) - cacheRead - cacheWrite,
    output: usage?.output_tokens ?? 0,
    cacheRead,
    cacheWrite,
  };
  return {
    role: "assistant",
    text: partsOf(reply)
      .flatMap((part) => (part.type === "output_text" ? [part.text] : []))
      .join("\n"),
    calls: output.flatMap((item): ToolCallRequest[] =>
      item.type === "function_call"
        ? [{ id: item.call_id, name: item.name, ...parseInput(item.arguments) }]
        : [],
    ),
    usage: spent,
    costUsd: costOf(spent, name, "openai"),
    unusable: unusable(reply),
    ...(isRefusal(reply) && { isRefusal: true }),
    native: { provider: "openai", content: output },
  };
}

function unusable(reply: Response): string | undefined {
  const refusal = partsOf(reply).find((part) => part.type === "refusal");
  if (refusal) return refused(refusal.refusal);
  const { status = "completed", incomplete_details: details } = reply;
  if (status === "completed") return undefined;
  return details?.reason === "max_output_tokens" ? cutAt(maxTokens) : endedEarly(details?.reason ?? status);
}

function isRefusal(reply: Response): boolean {
  const isFiltered = reply.incomplete_details?.reason === "content_filter";
  return isFiltered || partsOf(reply).some((part) => part.type === "refusal");
}

function partsOf({ output }: Response) {
  return output.flatMap((item) => (item.type === "message" ? item.content : []));
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
