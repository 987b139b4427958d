// What a request to the Responses API may look like: OpenAI refuses keys that it does not know, also those that its own
// SDK adds to an answer (`parsed_arguments`).
import { z } from "zod";
import { toolNamePattern } from "../openai-shape.ts";

const status = z.enum(["in_progress", "completed", "incomplete"]).nullish();
const breakpoint = z
  .strictObject({ mode: z.literal("explicit"), ttl: z.enum(["30m", "12h"]).optional() })
  .nullish();
const id = (prefix: string) =>
  z.string().startsWith(prefix, `Expected an ID that begins with '${prefix}'`).optional();

const InputText = z.strictObject({
  type: z.literal("input_text"),
  text: z.string(),
  prompt_cache_breakpoint: breakpoint,
});
const OutputText = z.strictObject({
  type: z.literal("output_text"),
  text: z.string(),
  annotations: z.array(z.unknown()).optional(),
  logprobs: z.array(z.unknown()).optional(),
});
const Refusal = z.strictObject({ type: z.literal("refusal"), refusal: z.string() });
const phase = z.enum(["commentary", "final_answer"]).nullish();

const Said = z.strictObject({
  type: z.literal("message").optional(),
  role: z.enum(["user", "system", "developer"]),
  content: z.union([z.string(), z.array(InputText)]),
});
const Spoken = z.strictObject({
  type: z.literal("message").optional(),
  role: z.literal("assistant"),
  id: id("msg"),
  status,
  phase,
  content: z.union([z.string(), z.array(z.discriminatedUnion("type", [OutputText, Refusal]))]),
});
const Call = z.strictObject({
  type: z.literal("function_call"),
  id: id("fc"),
  call_id: z.string().min(1).max(64),
  name: z.string().regex(toolNamePattern),
  arguments: z.string(),
  status,
});
const Output = z.strictObject({
  type: z.literal("function_call_output"),
  id: id("fc").nullable(),
  call_id: z.string().min(1).max(64),
  output: z.union([z.string(), z.array(InputText)]),
  status,
});
const Reasoning = z.strictObject({
  type: z.literal("reasoning"),
  id: id("rs"),
  summary: z.array(z.unknown()),
  content: z.array(z.unknown()).optional(),
  encrypted_content: z.string().nullish(),
  status,
});
export const Item = z.union([
  z.discriminatedUnion("role", [Said, Spoken]),
  z.discriminatedUnion("type", [Call, Output, Reasoning]),
]);
export type Item = z.infer<typeof Item>;

const Tool = z.strictObject({
  type: z.literal("function"),
  name: z
    .string()
    .max(128)
    .regex(toolNamePattern, `Expected a string that matches the pattern '${toolNamePattern.source}'`),
  description: z.string().nullish(),
  parameters: z.looseObject({ type: z.literal("object") }).nullish(),
  strict: z.boolean().nullish(),
});

/** What is taken as it is: it changes nothing here. */
const ignored = z.unknown().optional();

export const ResponsesRequest = z.strictObject({
  model: z.string().min(1),
  instructions: z.string().nullish(),
  input: z.union([z.string(), z.array(Item)]),
  tools: z.array(Tool).default([]),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  include: z.array(z.string()).nullish(),
  previous_response_id: z.string().nullish(),
  max_output_tokens: z.number().int().min(16).nullish(),
  prompt_cache_options: z.looseObject({ mode: z.enum(["implicit", "explicit"]).optional() }).optional(),
  ...{ background: ignored, conversation: ignored, max_tool_calls: ignored, metadata: ignored },
  ...{ parallel_tool_calls: ignored, prompt_cache_key: ignored, prompt_cache_retention: ignored },
  ...{ reasoning: ignored, safety_identifier: ignored, service_tier: ignored, stream_options: ignored },
  ...{ temperature: ignored, text: ignored, tool_choice: ignored, top_p: ignored, truncation: ignored },
  ...{ user: ignored },
});
export type ResponsesRequest = z.infer<typeof ResponsesRequest>;

/** The input as items: a string is one message of the user. */
export function itemsOf({ input }: ResponsesRequest): Item[] {
  return typeof input === "string" ? [{ role: "user", content: input }] : input;
}

export function isByModel(item: Item): boolean {
  if ("role" in item) return item.role === "assistant";
  return item.type !== "function_call_output";
}
