import { z } from "zod";
import { efforts, modelProviders } from "../repository-config.ts";

const usd = z.number().nonnegative();
const Price = z.strictObject({
  input: usd,
  output: usd,
  cacheRead: usd.optional(),
  cacheWrite: usd.optional(),
});
const priceForm = `expected JSON such as {"my-model":{"input":0.5,"output":2}}, in USD for a million tokens`;

const tokens = z.coerce.number().int().positive();

/** The model's settings. Names without `AFU9_` are the providers' own. docs/models.md says what each is for. */
export const modelSettings = z.object({
  AFU9_MODEL_PROVIDER: z.enum(modelProviders).default("anthropic"),
  AFU9_MODEL: z.string().optional(),
  AFU9_MODEL_EFFORT: z.enum(efforts).optional(),
  AFU9_MODEL_MAX_OUTPUT: tokens.optional(),
  AFU9_MODEL_CONTEXT: tokens.optional(),
  AFU9_MODEL_FALLBACK: z
    .string()
    .regex(/^(anthropic|openai)(:.+)?$/, "expected a provider and a model, such as openai:gpt-6-sol")
    .optional(),
  AFU9_MODELS_ALLOWED: z.string().transform(words).optional(),
  AFU9_PRICES: z.string().transform(toPrices).optional(),
  AFU9_UNKNOWN_PRICE: z.enum(["refuse", "dearest"]).default("refuse"),
  AFU9_OPENAI_API: z.enum(["responses", "chat"]).default("responses"),
  AFU9_BUDGET_USD: z.coerce.number().positive().default(5),
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: z.url().optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: z.url().optional(),
});
export type ModelSettings = z.infer<typeof modelSettings>;

/** Those that say which model is chosen: no key, and no address. */
export const modelChoiceSettings = modelSettings.pick({
  AFU9_MODEL_PROVIDER: true,
  AFU9_MODEL: true,
  AFU9_MODEL_EFFORT: true,
  AFU9_MODEL_MAX_OUTPUT: true,
  AFU9_MODEL_FALLBACK: true,
  AFU9_MODELS_ALLOWED: true,
  AFU9_PRICES: true,
  AFU9_UNKNOWN_PRICE: true,
});
export type ModelChoiceSettings = z.infer<typeof modelChoiceSettings>;

/** The variables that a process which asks models is given. */
export const modelVariables = Object.keys(modelSettings.shape);
/** Those that a process is given which tells people of the choice. */
export const modelChoiceVariables = Object.keys(modelChoiceSettings.shape);

function words(text: string): string[] {
  return text.split(",").flatMap((word) => word.trim() || []);
}

function toPrices(text: string, context: z.RefinementCtx): Map<string, z.infer<typeof Price>> {
  try {
    const parsed = z.record(z.string(), Price).safeParse(JSON.parse(text));
    if (parsed.success) return new Map(Object.entries(parsed.data));
  } catch {
    // No JSON: the same words say so.
  }
  context.addIssue({ code: "custom", message: priceForm });
  return new Map();
}
