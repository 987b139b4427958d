// What a request to Chat Completions may look like.
import { z } from "zod";
import { toolNamePattern } from "../openai-shape.ts";

const Text = z.strictObject({
  type: z.literal("text"),
  text: z.string(),
  prompt_cache_breakpoint: z.looseObject({ mode: z.literal("explicit") }).nullish(),
});
const content = z.union([z.string(), z.array(Text).min(1)]);
const Call = z.strictObject({
  id: z.string().min(1),
  type: z.literal("function"),
  function: z.strictObject({ name: z.string().regex(toolNamePattern), arguments: z.string() }),
});
const Said = z.strictObject({
  role: z.enum(["system", "developer", "user"]),
  content,
  name: z.string().optional(),
});
const Spoken = z.strictObject({
  role: z.literal("assistant"),
  content: content.nullish(),
  refusal: z.string().nullish(),
  tool_calls: z
    .array(Call)
    .min(1, "empty array. Expected an array with minimum length 1, but got an empty array instead")
    .optional(),
  name: z.string().optional(),
  annotations: z.array(z.unknown()).optional(),
  audio: z.unknown().optional(),
  function_call: z.unknown().optional(),
});
const Result = z.strictObject({ role: z.literal("tool"), tool_call_id: z.string(), content });
const Message = z.discriminatedUnion("role", [Said, Spoken, Result]);
export type Message = z.infer<typeof Message>;

const Tool = z.strictObject({
  type: z.literal("function"),
  function: z.strictObject({
    name: z
      .string()
      .max(64)
      .regex(toolNamePattern, `Expected a string that matches the pattern '${toolNamePattern.source}'`),
    description: z.string().optional(),
    parameters: z.looseObject({ type: z.literal("object") }).optional(),
    strict: z.boolean().nullish(),
  }),
});

/** What is taken as it is: it changes nothing here. */
const ignored = z.unknown().optional();

export const ChatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(Message).min(1, "empty array. Expected an array with minimum length 1"),
  tools: z.array(Tool).min(1, "empty array. Expected an array with minimum length 1").optional(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  prompt_cache_options: z.looseObject({ mode: z.enum(["implicit", "explicit"]).optional() }).optional(),
  ...{ frequency_penalty: ignored, logit_bias: ignored, logprobs: ignored, metadata: ignored, n: ignored },
  ...{ parallel_tool_calls: ignored, presence_penalty: ignored, prompt_cache_key: ignored },
  ...{ prompt_cache_retention: ignored, reasoning_effort: ignored, response_format: ignored, seed: ignored },
  ...{
    safety_identifier: ignored,
    service_tier: ignored,
    stop: ignored,
    store: ignored,
    temperature: ignored,
  },
  ...{ tool_choice: ignored, top_logprobs: ignored, top_p: ignored, user: ignored, verbosity: ignored },
});
export type ChatRequest = z.infer<typeof ChatRequest>;

export function textOf({ content }: Message): string {
  if (typeof content === "string") return content;
  return (content ?? []).map(({ text }) => text).join("");
}
