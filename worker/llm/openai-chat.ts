import type OpenAI from "openai";
import type { AssistantMessage, Model, ToolCallRequest, Usage } from "./model.ts";
import { type Provider, toModelFault } from "./model-error.ts";
import type { ModelOptions } from "./model-options.ts";
import { type ChatSaid, readChunks } from "./openai-chat-stream.ts";
import { createCallIds, cutAt, endedEarly, parseInput, refused, type Usability, whole } from "./reply.ts";
import { type Turn, turnsFor } from "./turns.ts";

type Param = OpenAI.ChatCompletionMessageParam;

const provider = "openai";
const api = "chat";

/**
 * A model of a server that is compatible with OpenAI's Chat Completions, streaming. It is asked only for what such servers
 * have in common; OpenAI's own models do better by the Responses API.
 */
export function createChatModel(options: ModelOptions, client: OpenAI): Model {
  const { name, effort, maxOutputTokens, contextTokens, costOf } = options;
  const asked: Provider = {
    name: "OpenAI",
    model: name,
    api: "OpenAI's Chat Completions, at `/chat/completions` below that address.",
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
      const turns = turnsFor(messages, { provider, model: name, api });
      const request = {
        model: name,
        messages: [{ role: "system" as const, content: system }, ...turns.flatMap(toParams)],
        // An empty list is refused.
        ...(tools.length > 0 && {
          tools: tools.map(({ name, description, inputSchema }) => ({
            type: "function" as const,
            function: { name, description, parameters: inputSchema },
          })),
        }),
        ...maxTokens(client, maxOutputTokens),
        ...(effort && { reasoning_effort: effort }),
        stream: true as const,
        stream_options: { include_usage: true },
      };
      try {
        const said = await readChunks(await client.chat.completions.create(request, { signal }));
        const usage = said.usage ? usageOf(said.usage) : estimated(JSON.stringify(request), said);
        return toReply(said, usage, { ...options, idOf: createCallIds(messages) });
      } catch (error) {
        signal.throwIfAborted();
        throw toModelFault(error, asked);
      }
    },
  };
}

/** The newer name is the only one that OpenAI's reasoning models take, and many compatible servers know the older only. */
function maxTokens(client: OpenAI, tokens: number): object {
  const isOpenAI = new URL(client.baseURL).hostname === "api.openai.com";
  return isOpenAI ? { max_completion_tokens: tokens } : { max_tokens: tokens };
}

function toReply(
  said: ChatSaid,
  usage: Usage,
  { name, maxOutputTokens, costOf, idOf }: ModelOptions & { idOf(id: string): string },
): AssistantMessage {
  const calls: ToolCallRequest[] = [];
  const sent = said.calls.map((call) => {
    const id = idOf(call.id);
    const read = parseInput(call.arguments);
    calls.push({ id, name: call.name, ...read });
    // Servers read it when it is sent back, and refuse what is no JSON.
    const written = read.fault ? "{}" : call.arguments || "{}";
    return { id, type: "function" as const, function: { name: call.name, arguments: written } };
  });
  const content = {
    role: "assistant" as const,
    content: said.text,
    // Servers whose models think want it back while a turn's calls are made.
    ...(said.reasoning && { reasoning_content: said.reasoning }),
    ...(sent.length > 0 && { tool_calls: sent }),
  };
  return {
    role: "assistant",
    text: said.text,
    calls,
    usage,
    costUsd: costOf(usage),
    ...usability(said, maxOutputTokens),
    native: { provider, model: name, api, content },
  };
}

function usability({ finish, refusal }: ChatSaid, maxOutputTokens: number): Usability {
  if (refusal) return refused(refusal);
  if (finish === "stop" || finish === "tool_calls") return whole;
  return finish === "length" ? cutAt(maxOutputTokens) : endedEarly(finish);
}

function usageOf(usage: OpenAI.CompletionUsage): Usage {
  const cacheRead = usage.prompt_tokens_details?.cached_tokens ?? 0;
  const cacheWrite = usage.prompt_tokens_details?.cache_write_tokens ?? 0;
  const input = Math.max(0, usage.prompt_tokens - cacheRead - cacheWrite);
  return { input, output: usage.completion_tokens, cacheRead, cacheWrite };
}

/** Some servers do not say what they counted. A token is about four characters; budgets need a figure. */
function estimated(request: string, { text, reasoning, calls }: ChatSaid): Usage {
  const written = text.length + reasoning.length + JSON.stringify(calls).length;
  return {
    input: Math.ceil(request.length / 4),
    output: Math.ceil(written / 4),
    cacheRead: 0,
    cacheWrite: 0,
  };
}

function toParams(turn: Turn): Param[] {
  if (turn.role === "user") return [{ role: "user", content: turn.text }];
  if (turn.role === "tool") return [{ role: "tool", tool_call_id: turn.callId, content: turn.text }];
  const said = turn.native as OpenAI.ChatCompletionAssistantMessageParam | undefined;
  // A message with neither is refused, also one that the model sent.
  if (turn.calls.length === 0 && !turn.text.trim()) return [];
  if (said) return [said];
  const calls = turn.calls.map(({ id, name, input }) => ({
    id,
    type: "function" as const,
    function: { name, arguments: JSON.stringify(input) },
  }));
  return [{ role: "assistant", content: turn.text, ...(calls.length > 0 && { tool_calls: calls }) }];
}
