import { createHash } from "node:crypto";
import type OpenAI from "openai";
import type { AssistantMessage, Message, Model, ToolCallRequest, Usage } from "./model.ts";
import { type Provider, toModelFault } from "./model-error.ts";
import type { ModelOptions } from "./model-options.ts";
import { createCallIds, cutAt, endedEarly, parseInput, refused, type Usability, whole } from "./reply.ts";
import { type Turn, turnsFor } from "./turns.ts";

type Item = OpenAI.Responses.ResponseInputItem;
type Response = OpenAI.Responses.Response;
type Event = OpenAI.Responses.ResponseStreamEvent;

const provider = "openai";

/** GPT, by OpenAI's Responses API, streaming. Nothing is kept at the provider: the transcript is ours. */
export function createOpenAIModel(options: ModelOptions, client: OpenAI): Model {
  const { name, effort, maxOutputTokens, contextTokens, costOf } = options;
  const asked: Provider = {
    name: "OpenAI",
    model: name,
    api: "OpenAI's Responses API, at `/responses` below that address; for one with Chat Completions set AFU9_OPENAI_API=chat.",
    variables: { key: "OPENAI_API_KEY", url: "OPENAI_BASE_URL" },
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
        instructions: system,
        input: turnsFor(messages, { provider, model: name }).flatMap(toItems),
        tools: tools.map((tool) => ({
          type: "function" as const,
          name: tool.name,
          description: tool.description,
          parameters: tool.inputSchema,
          strict: false,
        })),
        max_output_tokens: maxOutputTokens,
        ...(effort && { reasoning: { effort } }),
        prompt_cache_key: cacheKey(system, messages),
        stream: true as const,
        store: false,
        include: ["reasoning.encrypted_content" as const],
      };
      try {
        const reply = await lastResponse(await client.responses.create(request, { signal }));
        return toReply(reply, createCallIds(messages), options);
      } catch (error) {
        signal.throwIfAborted();
        throw toModelFault(error, asked);
      }
    },
  };
}

/**
 * The same for all requests of a conversation, also after another worker took it over: they go to the machine that has
 * their prefix in its cache.
 */
function cacheKey(system: string, [first]: readonly Message[]): string {
  const begin = first?.role === "user" ? first.text : "";
  return createHash("sha256").update(`${system}\n${begin}`).digest("hex").slice(0, 32);
}

/**
 * The response as the provider sends it at the end. The SDK's `finalResponse` would do for most: but it takes a stream
 * that ends early for a whole one, and adds keys that the API refuses when they are sent back.
 */
async function lastResponse(events: AsyncIterable<Event>): Promise<Response> {
  let last: Response | undefined;
  try {
    for await (const event of events) {
      if (
        event.type === "response.completed" ||
        event.type === "response.incomplete" ||
        event.type === "response.failed"
      )
        last = event.response;
    }
  } catch (error) {
    // What breaks off behind the end of the reply is not missed.
    if (!last) throw error;
  }
  if (!last) throw new Error("the stream ended before the reply did");
  if (last.status === "failed") throw last.error ?? new Error("the reply failed, without a reason");
  return last;
}

function toReply(
  reply: Response,
  idOf: (id: string) => string,
  { name, costOf, maxOutputTokens }: ModelOptions,
): AssistantMessage {
  const calls: ToolCallRequest[] = [];
  const output = reply.output.map((item) => {
    if (item.type !== "function_call") return item;
    const id = idOf(item.call_id);
    calls.push({ id, name: item.name, ...parseInput(item.arguments) });
    return { ...item, call_id: id };
  });
  const usage = usageOf(reply);
  return {
    role: "assistant",
    text: partsOf(reply)
      .flatMap((part) => (part.type === "output_text" ? [part.text] : []))
      .join("\n"),
    calls,
    usage,
    costUsd: costOf(usage),
    ...usability(reply, maxOutputTokens),
    native: { provider, model: name, content: output },
  };
}

function usageOf({ usage }: Response): Usage {
  const cacheRead = usage?.input_tokens_details?.cached_tokens ?? 0;
  const cacheWrite = usage?.input_tokens_details?.cache_write_tokens ?? 0;
  const input = (usage?.input_tokens ?? 0) - cacheRead - cacheWrite;
  return { input, output: usage?.output_tokens ?? 0, cacheRead, cacheWrite };
}

function usability(reply: Response, maxOutputTokens: number): Usability {
  const refusal = partsOf(reply).find((part) => part.type === "refusal");
  if (refusal) return refused(refusal.refusal);
  const { status = "completed", incomplete_details: details } = reply;
  if (status === "completed") return whole;
  return details?.reason === "max_output_tokens"
    ? cutAt(maxOutputTokens)
    : endedEarly(details?.reason ?? status);
}

function partsOf({ output }: Response) {
  return output.flatMap((item) => (item.type === "message" ? item.content : []));
}

function toItems(turn: Turn): Item[] {
  if (turn.role === "user") return [{ role: "user", content: turn.text }];
  if (turn.role === "tool")
    return [{ type: "function_call_output", call_id: turn.callId, output: turn.text }];
  if (turn.native) return turn.native as Item[];
  const calls = turn.calls.map(
    ({ id, name, input }): Item => ({
      type: "function_call",
      call_id: id,
      name,
      arguments: JSON.stringify(input),
    }),
  );
  return turn.text.trim() ? [{ role: "assistant", content: turn.text }, ...calls] : calls;
}
