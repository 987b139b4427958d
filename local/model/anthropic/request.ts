// What a request to the Messages API may look like: Anthropic refuses everything else, also keys that it does not know.
// The wording is close to Anthropic's: whoever reads it in a log finds it in their documentation.
import { z } from "zod";

const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, "should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
const cacheControl = z
  .strictObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).optional() })
  .nullish();

const Text = z.strictObject({
  type: z.literal("text"),
  text: z.string().regex(/\S/, "text content blocks must contain non-whitespace text"),
  citations: z.array(z.unknown()).nullish(),
  cache_control: cacheControl,
});
const Thinking = z.strictObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() });
const RedactedThinking = z.strictObject({ type: z.literal("redacted_thinking"), data: z.string() });
const ToolUse = z.strictObject({
  type: z.literal("tool_use"),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/, "String should match pattern '^[a-zA-Z0-9_-]+$'"),
  name: toolName,
  input: z.record(z.string(), z.unknown()),
  caller: z.looseObject({ type: z.string() }).optional(),
  cache_control: cacheControl,
});
const ToolResult = z.strictObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
});
const Block = z.discriminatedUnion("type", [Text, Thinking, RedactedThinking, ToolUse, ToolResult]);
export type Block = z.infer<typeof Block>;

const content = z.union([
  z.string().regex(/\S/, "text content must contain non-whitespace text"),
  z.array(Block).min(1, "all messages must have non-empty content"),
]);
const Message = z.strictObject({ role: z.enum(["user", "assistant"]), content });
export type Message = z.infer<typeof Message>;

const Tool = z.looseObject({
  name: toolName,
  input_schema: z.looseObject({ type: z.literal("object") }),
  cache_control: cacheControl,
});

/** What is taken as it is: it changes nothing here. */
const ignored = z.unknown().optional();

export const MessagesRequest = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.number().int().positive(),
  stream: z.boolean().default(false),
  system: z.union([z.string(), z.array(Text)]).optional(),
  tools: z.array(Tool).default([]),
  messages: z.array(Message).min(1, "at least one message is required"),
  thinking: z.looseObject({ type: z.enum(["enabled", "disabled", "adaptive"]) }).optional(),
  cache_control: cacheControl,
  ...{ container: ignored, inference_geo: ignored, metadata: ignored, output_config: ignored },
  ...{ service_tier: ignored, speed: ignored, stop_sequences: ignored, temperature: ignored },
  ...{ tool_choice: ignored, top_k: ignored, top_p: ignored },
});
export type MessagesRequest = z.infer<typeof MessagesRequest>;

/** A message's content as blocks: a string is one text block. */
export function blocksOf({ content }: Message): Block[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}
