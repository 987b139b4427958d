// What a request to the Messages API may look like, as far as Anthropic refuses anything else. The wording is close to
// Anthropic's: whoever reads it in a log finds it in their documentation.
import { z } from "zod";

const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, "should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
const cacheControl = z.looseObject({ type: z.literal("ephemeral") }).nullish();

const Text = z.looseObject({
  type: z.literal("text"),
  text: z.string().regex(/\S/, "text content blocks must contain non-whitespace text"),
  cache_control: cacheControl,
});
const ToolUse = z.looseObject({
  type: z.literal("tool_use"),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  name: toolName,
  input: z.record(z.string(), z.unknown()),
  cache_control: cacheControl,
});
const ToolResult = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
});
const Block = z.discriminatedUnion("type", [Text, ToolUse, ToolResult]);
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

export const MessagesRequest = z.looseObject({
  model: z.string().min(1),
  max_tokens: z.number().int().positive(),
  stream: z.boolean().default(false),
  system: z.union([z.string(), z.array(Text)]).optional(),
  tools: z.array(Tool).default([]),
  messages: z.array(Message).min(1, "at least one message is required"),
  cache_control: cacheControl,
});
export type MessagesRequest = z.infer<typeof MessagesRequest>;

/** A message's content as blocks: a string is one text block. */
export function blocksOf({ content }: Message): Block[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}
