import { createHash } from "node:crypto";
import type OpenAI from "openai";
import type { Circumstances } from "../api.ts";
import type { InputTokens } from "../prompt-cache.ts";
import { type Answer, estimateTokens, idOf, outputTokens } from "../spell-out.ts";

type Response = Omit<OpenAI.Responses.Response, "output_text" | "access_programs">;
export type OutputItem = Extract<
  OpenAI.Responses.ResponseOutputItem,
  { type: "message" | "function_call" | "reasoning" }
>;

const thought = "I think before I act.";

/** An answer as a response of the API. `note.thinks` says that what the model thought is sent along, encrypted. */
export function responseOf(answer: Answer, circumstances: Circumstances): Response {
  const { seed, model, input, note } = circumstances;
  const isCut = answer.stop === "max-tokens";
  const thinking = note.thinks && answer.calls.length > 0;
  return {
    id: idOf("resp", seed),
    object: "response",
    // The same on every run.
    created_at: 1_800_000_000,
    status: isCut ? "incomplete" : "completed",
    error: null,
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    instructions: null,
    metadata: {},
    model,
    output: outputOf(answer, seed, Boolean(thinking)),
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    usage: usageOf(outputTokens(answer), thinking ? estimateTokens(thought) : 0, input),
  };
}

function outputOf({ text, calls, stop }: Answer, seed: string, thinks: boolean): OutputItem[] {
  if (stop === "empty") return [];
  const reasoning = reasoningId(seed);
  const status = stop === "max-tokens" ? "incomplete" : "completed";
  const part =
    stop === "refusal"
      ? { type: "refusal" as const, refusal: text }
      : { type: "output_text" as const, text, annotations: [], logprobs: [] };
  const message: OutputItem = {
    id: led("msg", reasoning, "text", thinks),
    type: "message",
    role: "assistant",
    status,
    content: [part],
  };
  const used = calls.map(
    (call, index): OutputItem => ({
      id: led("fc", reasoning, String(index), thinks),
      type: "function_call",
      call_id: call.id ?? idOf("call", `${seed}.${index}`),
      name: call.name,
      arguments: call.arguments,
      status,
    }),
  );
  const item: OutputItem = {
    id: reasoning,
    type: "reasoning",
    summary: [],
    encrypted_content: encryptedFor(reasoning),
  };
  return [
    ...(thinks ? [item] : []),
    ...(text || stop === "refusal" ? [message] : []),
    ...(stop === "refusal" ? [] : used),
  ];
}

// The id of an item tells which reasoning led to it, so that nothing has to be kept to check what comes back.

function reasoningId(seed: string): string {
  return idOf("rs", seed);
}

function led(kind: string, reasoning: string, seed: string, thinks: boolean): string {
  const own = idOf(kind, `${reasoning} ${seed}`);
  return thinks ? `${own}${reasoning.slice("rs_".length)}` : own;
}

/** The reasoning that an item came from, if there was one. */
export function reasoningOf(id: string): string | undefined {
  const [, reasoning] = id.match(/^(?:msg|fc)_01[0-9a-f]{22}(01[0-9a-f]{22})$/) ?? [];
  return reasoning && `rs_${reasoning}`;
}

export function encryptedFor(reasoning: string): string {
  return createHash("sha256").update(`encrypted ${reasoning}`).digest("base64");
}

function usageOf(
  output: number,
  reasoning: number,
  { fresh, cacheRead, cacheWrite }: InputTokens,
): OpenAI.Responses.ResponseUsage {
  const input = fresh + cacheRead + cacheWrite;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
    output_tokens: output + reasoning,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output + reasoning,
  };
}
