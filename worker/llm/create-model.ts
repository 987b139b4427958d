import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { z } from "zod";
import { createAnthropicModel } from "./anthropic.ts";
import type { Model } from "./model.ts";
import { createOpenAIModel } from "./openai.ts";

/** The model's settings. Names without `AFU9_` are the providers' own. */
export const modelSettings = z.object({
  AFU9_MODEL_PROVIDER: z.enum(["anthropic", "openai"]).default("anthropic"),
  AFU9_MODEL: z.string().optional(),
  AFU9_BUDGET_USD: z.coerce.number().positive().default(5),
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: z.url().optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: z.url().optional(),
});
export type ModelSettings = z.infer<typeof modelSettings>;

/** Makes the model that the settings name. Throws when its key is missing. */
export function createModel(settings: ModelSettings): Model {
  if (settings.AFU9_MODEL_PROVIDER === "openai") {
    const apiKey = required(settings.OPENAI_API_KEY, "OPENAI_API_KEY");
    const client = new OpenAI({ apiKey, baseURL: settings.OPENAI_BASE_URL });
    return createOpenAIModel(settings.AFU9_MODEL ?? "gpt-6-sol", client);
  }
  const apiKey = required(settings.ANTHROPIC_API_KEY, "ANTHROPIC_API_KEY");
  const client = new Anthropic({ apiKey, baseURL: settings.ANTHROPIC_BASE_URL });
  return createAnthropicModel(settings.AFU9_MODEL ?? "claude-opus-5-5", client);
}

function required(key: string | undefined, name: string): string {
  if (key) return key;
  throw new Error(`Expected ${name} in the environment, got nothing. See .env.example.`);
}
