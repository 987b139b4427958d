import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { PermanentFault } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import {
  type Choice,
  chooseModel,
  fallbackModel,
  type ModelName,
  type Wishes,
  write,
} from "../../shared/models/choose-model.ts";
import type { ModelSettings } from "../../shared/models/model-settings.ts";
import { costOf, type Prices, pricesOf, windowOf } from "../../shared/models/prices.ts";
import { createAnthropicModel } from "./anthropic.ts";
import { createFailover } from "./failover.ts";
import { createFetchBounded } from "./fetch-bounded.ts";
import type { Model, Usage } from "./model.ts";
import type { ModelOptions } from "./model-options.ts";
import { createOpenAIModel } from "./openai.ts";
import { createChatModel } from "./openai-chat.ts";
import { recordTurns } from "./record-turns.ts";

export type Models = {
  /**
   * The model for an agent's work on a repository; without wishes, the environment's. Throws a `PermanentFault` when it
   * is not allowed, has no key, or has no price: that would be found out after the first turn that is paid for.
   */
  modelFor(wishes?: Wishes): Model;
};

/** The most that one reply may hold, and the window of a model that is not known. */
const defaults = {
  anthropic: { maxOutputTokens: 32_000, contextTokens: 200_000 },
  openai: { maxOutputTokens: 64_000, contextTokens: 128_000 },
} as const;

/**
 * About 8 s of patience, and a minute where the provider asks for it: rate limits are by the minute. More is the
 * queue's business: it tries an execution again from its last saved turn. With a fallback, that one answers sooner.
 */
const patience = {
  alone: { maxRetries: 4, longestWait: 60 },
  withFallback: { maxRetries: 2, longestWait: 5 },
};

/** Makes models by the settings, each once: a failover remembers what failed. */
export function createModels(settings: ModelSettings, { log }: { log: Logger }): Models {
  const prices = pricesOf(settings);
  const fallback = fallbackModel(settings);
  const make = createMaker(settings, prices);
  const made = new Map<string, Model>();

  function modelOf(choice: Choice): Model {
    const { effort, maxOutputTokens } = choice;
    const isFirst = fallback && write(fallback) !== write(choice);
    if (!isFirst) return make(choice);
    return createFailover([make(choice), make({ ...fallback, effort, maxOutputTokens })], { log });
  }
  return {
    modelFor(wishes) {
      const choice = chooseModel(settings, prices, wishes);
      const key = JSON.stringify([write(choice), choice.effort, choice.maxOutputTokens]);
      const model = made.get(key) ?? modelOf(choice);
      made.set(key, model);
      return model;
    },
  };
}

function createMaker(settings: ModelSettings, prices: Prices): (choice: Choice) => Model {
  const { maxRetries, longestWait } = settings.AFU9_MODEL_FALLBACK ? patience.withFallback : patience.alone;
  // They would log what a broken stream holds.
  const client = { maxRetries, fetch: createFetchBounded(longestWait), logLevel: "off" as const };
  return (choice) => {
    const options = optionsOf(choice, settings, prices);
    if (choice.provider === "anthropic") {
      const apiKey = required(settings.ANTHROPIC_API_KEY, "ANTHROPIC_API_KEY", choice);
      const baseURL = settings.ANTHROPIC_BASE_URL;
      return recordTurns(createAnthropicModel(options, new Anthropic({ apiKey, baseURL, ...client })));
    }
    const apiKey = required(settings.OPENAI_API_KEY, "OPENAI_API_KEY", choice);
    const openai = new OpenAI({ apiKey, baseURL: settings.OPENAI_BASE_URL, ...client });
    const create = settings.AFU9_OPENAI_API === "chat" ? createChatModel : createOpenAIModel;
    return recordTurns(create(options, openai));
  };
}

function optionsOf(choice: Choice, settings: ModelSettings, prices: Prices): ModelOptions {
  const { provider, name, effort, maxOutputTokens } = choice;
  const usual = defaults[provider];
  const options = {
    name,
    effort,
    maxOutputTokens: maxOutputTokens ?? usual.maxOutputTokens,
    contextTokens: settings.AFU9_MODEL_CONTEXT ?? windowOf(name, provider) ?? usual.contextTokens,
    costOf: (usage: Usage) => costOf(usage, name, provider, prices),
  };
  // Throws when it has no price.
  options.costOf({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0 });
  return options;
}

function required(key: string | undefined, variable: string, model: ModelName): string {
  if (key) return key;
  throw new PermanentFault(
    `Expected ${variable} in the worker's environment, for the model ${write(model)}; got nothing. See .env.example.`,
  );
}
