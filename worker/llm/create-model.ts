import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { z } from "zod";
import { createAnthropicModel } from "./anthropic.ts";
import { fetchBounded } from "./fetch-bounded.ts";
import type { Model } from "./model.ts";
import { createOpenAIModel } from "./openai.ts";
import { costOf } from "./prices.ts";

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

/** About 8 s of patience. More is the queue's business: it tries an execution again from its last saved turn. */
const options = { maxRetries: 4, fetch: fetchBounded };

/**
 * Makes the model that the settings name. Throws when its key is missing, or when its price is not known: that would
 * be found out after the first turn that is paid for.
 */
export function createModel(settings: ModelSettings): Model {
  if (settings.AFU9_MODEL_PROVIDER === "openai") {
    const apiKey = required(settings.OPENAI_API_KEY, "OPENAI_API_KEY");
    const client = new OpenAI({ apiKey, baseURL: settings.OPENAI_BASE_URL, ...options });
    return createOpenAIModel(withPrice(settings.AFU9_MODEL ?? "gpt-6-sol", "openai"), client);
  }
  const apiKey = required(settings.ANTHROPIC_API_KEY, "ANTHROPIC_API_KEY");
  const client = new Anthropic({ apiKey, baseURL: settings.ANTHROPIC_BASE_URL, ...options });
  return createAnthropicModel(withPrice(settings.AFU9_MODEL ?? "claude-opus-5-5", "anthropic"), client);
}

function withPrice(model: string, provider: Model["provider"]): string {
  costOf({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, model, provider);
  return model;
}

function required(key: string | undefined, name: string): string {
  if (key) return key;
  throw new Error(`Expected ${name} in the environment, got nothing. See .env.example.`);
}
