import Anthropic, { APIError as AnthropicError } from "@anthropic-ai/sdk";
import OpenAI, { APIError as OpenAIError } from "openai";
import { messageOf } from "../../shared/errors.ts";
import { ownModel } from "../../shared/models/choose-model.ts";
import type { ModelSettings } from "../../shared/models/model-settings.ts";

const client = { maxRetries: 1, timeout: 10_000, logLevel: "off" as const };

/**
 * What is wrong with the key of the environment's model; nothing when its provider takes it. Asking for the list of models
 * costs nothing. A compatible server need not have such a list: then nothing is known against the key.
 */
export async function checkKey(settings: ModelSettings): Promise<string | undefined> {
  const { provider } = ownModel(settings);
  const key = provider === "anthropic" ? settings.ANTHROPIC_API_KEY : settings.OPENAI_API_KEY;
  if (!key) return `${provider === "anthropic" ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY"} is not set`;
  try {
    await list(settings);
    return undefined;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    return statusOf(error) ? `HTTP ${statusOf(error)}` : messageOf(error);
  }
}

async function list(settings: ModelSettings): Promise<void> {
  if (settings.AFU9_MODEL_PROVIDER === "anthropic") {
    const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseURL } = settings;
    await new Anthropic({ apiKey, baseURL, ...client }).models.list({ limit: 1 });
    return;
  }
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = settings;
  await new OpenAI({ apiKey, baseURL, ...client }).models.list();
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof AnthropicError || error instanceof OpenAIError) return error.status;
  return undefined;
}
