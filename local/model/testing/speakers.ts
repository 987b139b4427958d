// The same conversation by each API, through the SDK that people use for it.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

export type Heard = {
  id: string;
  text: string;
  calls: { id: string; name: string; arguments: string }[];
  /** As the API calls it. */
  stop: string | null | undefined;
  tokens: { input: number; cacheRead: number; cacheWrite: number; output: number };
  /** What has to be sent back to go on, with a result for each call. */
  said: unknown[];
};
export type Ask = { history?: unknown[]; system?: string; isStreamed?: boolean; maxRetries?: number };
export type Speaker = { name: string; ask(url: string, ask?: Ask): Promise<Heard> };

const key = { apiKey: "local" };
const parameters = { type: "object" as const, properties: {} };
const question = { role: "user" as const, content: "What is wrong here?" };
const tool = { name: "readFile", description: "Read a file." };

const anthropic: Speaker = {
  name: "Anthropic's Messages API",
  async ask(url, { history = [], system = "Mend it.", isStreamed, maxRetries = 0 } = {}) {
    const client = new Anthropic({ ...key, baseURL: url, maxRetries });
    const marked = { type: "text" as const, text: system, cache_control: { type: "ephemeral" as const } };
    const request = {
      model: "claude-test",
      max_tokens: 1000,
      system: [marked],
      tools: [{ ...tool, input_schema: parameters }],
      messages: [question, ...(history as Anthropic.MessageParam[])],
    };
    const message = isStreamed
      ? await client.messages.stream(request).finalMessage()
      : await client.messages.create(request);
    const used = message.content.filter((block) => block.type === "tool_use");
    const results = used.map(({ id }) => ({ type: "tool_result", tool_use_id: id, content: "ok" }));
    const { usage } = message;
    return {
      id: message.id,
      text: message.content.flatMap((block) => (block.type === "text" ? block.text : [])).join(""),
      calls: used.map(({ id, name, input }) => ({ id, name, arguments: JSON.stringify(input) })),
      stop: message.stop_reason,
      tokens: {
        input: usage.input_tokens,
        cacheRead: usage.cache_read_input_tokens ?? 0,
        cacheWrite: usage.cache_creation_input_tokens ?? 0,
        output: usage.output_tokens,
      },
      said: [
        { role: "assistant", content: message.content },
        { role: "user", content: results.length > 0 ? results : "Go on." },
      ],
    };
  },
};

const responses: Speaker = {
  name: "OpenAI's Responses API",
  async ask(url, { history = [], system = "Mend it.", isStreamed, maxRetries = 0 } = {}) {
    const client = new OpenAI({ ...key, baseURL: `${url}/v1`, maxRetries });
    const request = {
      model: "gpt-6-sol",
      instructions: system,
      store: false,
      include: ["reasoning.encrypted_content" as const],
      tools: [{ type: "function" as const, ...tool, parameters, strict: false }],
      input: [question, ...(history as OpenAI.Responses.ResponseInputItem[])],
    };
    const response = isStreamed
      ? await lastResponse(await client.responses.create({ ...request, stream: true }))
      : await client.responses.create(request);
    const used = response.output.filter((item) => item.type === "function_call");
    const parts = response.output.flatMap((item) => (item.type === "message" ? item.content : []));
    const details = response.usage?.input_tokens_details ?? { cached_tokens: 0, cache_write_tokens: 0 };
    const { cached_tokens: cacheRead, cache_write_tokens: cacheWrite } = details;
    return {
      id: response.id,
      text: parts.map((part) => (part.type === "refusal" ? part.refusal : part.text)).join(""),
      calls: used.map(({ call_id, name, arguments: written }) => ({ id: call_id, name, arguments: written })),
      stop:
        response.incomplete_details?.reason ?? (parts[0]?.type === "refusal" ? "refusal" : response.status),
      tokens: {
        input: (response.usage?.input_tokens ?? 0) - cacheRead - cacheWrite,
        ...{ cacheRead, cacheWrite, output: response.usage?.output_tokens ?? 0 },
      },
      said: [
        ...response.output,
        ...used.map(({ call_id }) => ({ type: "function_call_output", call_id, output: "ok" })),
        ...(used.length > 0 ? [] : [{ role: "user", content: "Go on." }]),
      ],
    };
  },
};

async function lastResponse(events: AsyncIterable<OpenAI.Responses.ResponseStreamEvent>) {
  for await (const event of events) {
    if (event.type === "response.completed" || event.type === "response.incomplete") return event.response;
  }
  throw new Error("The stream ended before the response did.");
}

const chat: Speaker = {
  name: "OpenAI's Chat Completions",
  async ask(url, { history = [], system = "Mend it.", isStreamed, maxRetries = 0 } = {}) {
    const client = new OpenAI({ ...key, baseURL: `${url}/v1`, maxRetries });
    const request = {
      model: "gpt-6-sol",
      tools: [{ type: "function" as const, function: { ...tool, parameters } }],
      messages: [
        { role: "system" as const, content: system },
        question,
        ...(history as OpenAI.Chat.ChatCompletionMessageParam[]),
      ],
    };
    const completion = isStreamed
      ? await client.chat.completions
          .stream({ ...request, stream_options: { include_usage: true } })
          .finalChatCompletion()
      : await client.chat.completions.create(request);
    const [choice] = completion.choices;
    const message = choice?.message;
    const used = (message?.tool_calls ?? []).filter((call) => call.type === "function");
    const { cached_tokens: cacheRead = 0, cache_write_tokens: cacheWrite = 0 } =
      completion.usage?.prompt_tokens_details ?? {};
    const spoken = used.map(({ id, function: { name, arguments: written } }) => ({
      ...{ id, type: "function", function: { name, arguments: written } },
    }));
    return {
      id: completion.id,
      text: message?.content ?? message?.refusal ?? "",
      calls: used.map(({ id, function: { name, arguments: written } }) => ({ id, name, arguments: written })),
      stop: message?.refusal ? "refusal" : choice?.finish_reason,
      tokens: {
        input: (completion.usage?.prompt_tokens ?? 0) - cacheRead - cacheWrite,
        ...{ cacheRead, cacheWrite, output: completion.usage?.completion_tokens ?? 0 },
      },
      said: [
        {
          role: "assistant",
          content: message?.content ?? "",
          ...(used.length > 0 && { tool_calls: spoken }),
        },
        ...used.map(({ id }) => ({ role: "tool", tool_call_id: id, content: "ok" })),
        ...(used.length > 0 ? [] : [{ role: "user", content: "Go on." }]),
      ],
    };
  },
};

export const speakers: Speaker[] = [anthropic, responses, chat];
