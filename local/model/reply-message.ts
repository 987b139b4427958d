import { createHash } from "node:crypto";
import type Anthropic from "@anthropic-ai/sdk";
import { estimateTokens, type InputTokens } from "./prompt-cache.ts";
import type { Reply } from "./script.ts";

/** A reply of a script as a message of the API. The same place in the script gives the same ids on every run. */
export function replyMessage(
  reply: Reply,
  { place, model, input }: { place: string; model: string; input: InputTokens },
): Anthropic.Message {
  const text = { type: "text" as const, text: reply.text, citations: null };
  const calls = reply.calls.map((call, index) => ({
    type: "tool_use" as const,
    id: idOf("toolu", `${place}.${index}`),
    name: call.name,
    input: call.input,
    caller: { type: "direct" as const },
  }));
  return {
    id: idOf("msg", `${place}`),
    type: "message",
    role: "assistant",
    model,
    content: reply.text ? [text, ...calls] : calls,
    stop_reason: calls.length > 0 ? "tool_use" : "end_turn",
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: usageOf(reply, input),
  };
}

function usageOf(reply: Reply, { fresh, cacheRead, cacheWrite }: InputTokens): Anthropic.Usage {
  const calls = reply.calls.map((call) => call.name + JSON.stringify(call.input));
  return {
    input_tokens: fresh,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWrite,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: estimateTokens(reply.text + calls.join("")),
    output_tokens_details: null,
    server_tool_use: null,
    service_tier: "standard",
    inference_geo: null,
    speed: null,
  };
}

function idOf(kind: string, seed: string): string {
  return `${kind}_01${createHash("sha256").update(`${kind} ${seed}`).digest("hex").slice(0, 22)}`;
}
