import type OpenAI from "openai";
import type { Circumstances } from "../api.ts";
import type { InputTokens } from "../prompt-cache.ts";
import { type Answer, idOf, outputTokens, piecesOf } from "../spell-out.ts";

type Completion = OpenAI.Chat.ChatCompletion;
type Chunk = OpenAI.Chat.ChatCompletionChunk;
type Delta = Chunk["choices"][number]["delta"];

/** An answer as a completion of the API. */
export function completionOf(answer: Answer, { seed, model, input }: Circumstances): Completion {
  const { text, calls, stop } = answer;
  const isRefused = stop === "refusal";
  const used = calls.map((call, index) => ({
    id: call.id ?? idOf("call", `${seed}.${index}`),
    type: "function" as const,
    function: { name: call.name, arguments: call.arguments },
  }));
  return {
    id: idOf("chatcmpl", seed),
    object: "chat.completion",
    // The same on every run.
    created: 1_800_000_000,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: isRefused || !text ? null : text,
          refusal: isRefused ? text : null,
          annotations: [],
          ...(used.length > 0 && !isRefused && { tool_calls: used }),
        },
        finish_reason: finishReason(answer),
        logprobs: null,
      },
    ],
    usage: usageOf(outputTokens(answer), input),
  };
}

/** The chunks in which the API streams a completion, the last of them with the usage where it is asked for. */
export function chunksOf(completion: Completion, withUsage: boolean): Chunk[] {
  const { id, created, model, usage } = completion;
  const head = { id, created, model, object: "chat.completion.chunk" as const };
  const [choice] = completion.choices;
  if (!choice) return [];
  const { content, refusal, tool_calls: calls = [] } = choice.message;
  const deltas: Delta[] = [
    { role: "assistant", content: calls.length > 0 && !content ? null : "", refusal: null },
    ...piecesOf(content ?? "").map((piece) => ({ content: piece })),
    ...piecesOf(refusal ?? "").map((piece) => ({ refusal: piece })),
    ...calls.flatMap(callDeltas),
  ];
  const said = (delta: Delta, finish_reason: Chunk["choices"][number]["finish_reason"]): Chunk => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason, logprobs: null }],
    ...(withUsage && { usage: null }),
  });
  return [
    ...deltas.map((delta) => said(delta, null)),
    said({}, choice.finish_reason),
    ...(withUsage ? [{ ...head, choices: [], usage }] : []),
  ];
}

function callDeltas(call: OpenAI.Chat.ChatCompletionMessageToolCall, index: number): Delta[] {
  if (call.type !== "function") return [];
  const { name, arguments: written } = call.function;
  return [
    { tool_calls: [{ index, id: call.id, type: "function", function: { name, arguments: "" } }] },
    ...piecesOf(written).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ];
}

function finishReason({ stop, calls }: Answer): Completion["choices"][number]["finish_reason"] {
  if (stop === "max-tokens") return "length";
  return calls.length > 0 && stop !== "refusal" ? "tool_calls" : "stop";
}

function usageOf(output: number, { fresh, cacheRead, cacheWrite }: InputTokens): OpenAI.CompletionUsage {
  const input = fresh + cacheRead + cacheWrite;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
}
