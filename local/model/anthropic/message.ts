import { createHash } from "node:crypto";
import type Anthropic from "@anthropic-ai/sdk";
import type { Circumstances } from "../api.ts";
import type { InputTokens } from "../prompt-cache.ts";
import { type Answer, estimateTokens, idOf, objectOf, outputTokens } from "../spell-out.ts";

const thought = "I think before I act.";

/** An answer as a message of the API. */
export function messageOf(answer: Answer, { seed, model, input, note }: Circumstances): Anthropic.Message {
  const { text, calls, stop } = answer;
  const thinking = { type: "thinking" as const, thinking: thought, signature: signatureOf(thought) };
  const said = { type: "text" as const, text, citations: null };
  const used = calls.map((call, index) => ({
    type: "tool_use" as const,
    id: call.id ?? idOf("toolu", `${seed}.${index}`),
    name: call.name,
    input: objectOf(call.arguments),
    caller: { type: "direct" as const },
  }));
  const isRefused = stop === "refusal";
  return {
    id: idOf("msg", seed),
    type: "message",
    role: "assistant",
    model,
    content: [
      ...(note.thinks && stop !== "empty" ? [thinking] : []),
      ...(text && !isRefused ? [said] : []),
      ...(isRefused ? [] : used),
    ],
    stop_reason: stopReason(answer),
    stop_sequence: null,
    stop_details: isRefused ? { type: "refusal", category: null, explanation: text || null } : null,
    container: null,
    diagnostics: null,
    usage: usageOf(outputTokens(answer) + (note.thinks ? estimateTokens(thought) : 0), input),
  };
}

/** Whether a block of thinking is one that was said here, unchanged. */
export function isSigned({ thinking, signature }: { thinking: string; signature: string }): boolean {
  return signature === signatureOf(thinking);
}

function signatureOf(text: string): string {
  return createHash("sha256").update(`signed ${text}`).digest("base64");
}

function stopReason({ stop, calls }: Answer): Anthropic.StopReason {
  if (stop === "max-tokens") return "max_tokens";
  if (stop === "refusal") return "refusal";
  return calls.length > 0 ? "tool_use" : "end_turn";
}

function usageOf(output: number, { fresh, cacheRead, cacheWrite }: InputTokens): Anthropic.Usage {
  return {
    input_tokens: fresh,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWrite,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: output,
    output_tokens_details: null,
    server_tool_use: null,
    service_tier: "standard",
    inference_geo: null,
    speed: null,
  };
}
