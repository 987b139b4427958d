import { describe, expect, test } from "@jest/globals";
import { PermanentFault } from "../../shared/errors.ts";
import { createLogger } from "../../shared/logger.ts";
import type { Wishes } from "../../shared/models/choose-model.ts";
import { modelSettings } from "../../shared/models/model-settings.ts";
import { createModels } from "./create-models.ts";

const keys = { ANTHROPIC_API_KEY: "k", OPENAI_API_KEY: "k" };

function made(env: Record<string, string>, wishes?: Wishes) {
  const models = createModels(modelSettings.parse(env), { log: createLogger("test", "silent") });
  const { provider, name, maxOutputTokens, contextTokens } = models.modelFor(wishes);
  return { model: `${provider} ${name}`, maxOutputTokens, contextTokens };
}
const agent = { name: "plan", limits: {} };

test("Anthropic's model is the default, and each provider has one of its own", () => {
  expect(made(keys)).toEqual({
    model: "anthropic claude-opus-5-5",
    maxOutputTokens: 32_000,
    contextTokens: 1_000_000,
  });
  expect(made({ ...keys, AFU9_MODEL_PROVIDER: "openai" })).toMatchObject({ model: "openai gpt-6-sol" });
});

test.each(["anthropic", "openai"])("without the key of %s there is no model", (AFU9_MODEL_PROVIDER) => {
  expect(() => made({ AFU9_MODEL_PROVIDER })).toThrow(
    `Expected ${AFU9_MODEL_PROVIDER.toUpperCase()}_API_KEY in the worker's environment, for the model`,
  );
});

test("the agent's file comes before the repository, and that before the environment", () => {
  const repository = { name: "claude-sonnet-5" };
  const wishes = {
    agent: { ...agent, model: "claude-haiku-4-5", limits: { "output-tokens": 5000 } },
    repository,
  };
  expect(made(keys, wishes)).toEqual({
    model: "anthropic claude-haiku-4-5",
    maxOutputTokens: 5000,
    contextTokens: 200_000,
  });
  expect(made(keys, { agent, repository })).toMatchObject({ model: "anthropic claude-sonnet-5" });
  expect(made({ ...keys, AFU9_MODEL_MAX_OUTPUT: "900" }, { agent, repository: {} })).toMatchObject({
    model: "anthropic claude-opus-5-5",
    maxOutputTokens: 900,
  });
});

test("a name alone is that of the provider which has it, and a provider alone has its default", () => {
  expect(made(keys, { repository: { name: "gpt-6-luna" } }).model).toBe("openai gpt-6-luna");
  expect(made(keys, { repository: { provider: "openai" } }).model).toBe("openai gpt-6-sol");
  const own = { ...keys, AFU9_MODEL: "claude-sonnet-5" };
  expect(made(own, { repository: { provider: "anthropic" } }).model).toBe("anthropic claude-sonnet-5");
});

describe("what the operator allows", () => {
  test("is, without a list, what costs no more than the environment's model", () => {
    const wish = { repository: { name: "claude-fable-5" } };
    expect(() => made(keys, wish)).toThrow(PermanentFault);
    expect(() => made(keys, wish)).toThrow(
      "The model `anthropic:claude-fable-5`, which the repository's `.github/afu9.yml` asks for, is not allowed here. Without AFU9_MODELS_ALLOWED, a model must have a known price, and not a higher one than anthropic:claude-opus-5-5. Ask for another model there, or let whoever runs AFU-9 add `anthropic:claude-fable-5` to AFU9_MODELS_ALLOWED.",
    );
    expect(() =>
      made({ ...keys, AFU9_UNKNOWN_PRICE: "dearest" }, { repository: { name: "my-own" } }),
    ).toThrow(/`anthropic:my-own`.* is not allowed/);
  });

  test("is always the environment's fallback", () => {
    const env = { ...keys, AFU9_MODEL_FALLBACK: "openai:gpt-6-astra" };
    expect(made(env, { repository: { name: "gpt-6-astra" } }).model).toBe("openai gpt-6-astra");
    expect(() => made(keys, { repository: { name: "gpt-6-astra" } })).toThrow(/not allowed/);
  });

  test.each([
    ["*", true],
    ["claude-fable-*", true],
    ["anthropic:claude-fable-5", true],
    ["openai:*", false],
    ["openai:*, anthropic:*-5", true],
    ["claude-fable", false],
    ["claude.fable.5", false],
  ])("is what the list %s has: %s", (AFU9_MODELS_ALLOWED, isAllowed) => {
    const choose = () =>
      made({ ...keys, AFU9_MODELS_ALLOWED }, { agent: { ...agent, model: "claude-fable-5" } });
    if (isAllowed) expect(choose().model).toBe("anthropic claude-fable-5");
    else
      expect(choose).toThrow(
        `which agents/plan.md asks for, is not allowed here. Allowed are ${AFU9_MODELS_ALLOWED}`,
      );
  });

  test("does not bind the environment itself", () => {
    expect(made({ ...keys, AFU9_MODELS_ALLOWED: "gpt-*" }).model).toBe("anthropic claude-opus-5-5");
  });
});

test("a failover's window is the smaller one: a conversation has to fit into both", () => {
  expect(made({ ...keys, AFU9_MODEL_FALLBACK: "anthropic:claude-haiku-4-5" })).toEqual({
    model: "anthropic claude-opus-5-5",
    maxOutputTokens: 32_000,
    contextTokens: 200_000,
  });
});

test("a model whose price is not known is refused before it is asked, with what to set", () => {
  const openai = { ...keys, AFU9_MODEL_PROVIDER: "openai" };
  expect(() => made({ ...openai, AFU9_MODEL: "my-own" })).toThrow(
    /price of the model `my-own`.*Set AFU9_MODEL.*AFU9_PRICES.*AFU9_UNKNOWN_PRICE=dearest/,
  );
  expect(() => made({ ...openai, AFU9_MODEL: "claude-opus-5-5" })).toThrow(/AFU9_MODEL_PROVIDER/);
  const own = { ...openai, AFU9_MODEL: "my-own", AFU9_PRICES: '{"my-own":{"input":0,"output":0}}' };
  expect(made({ ...own, AFU9_MODEL_CONTEXT: "32768" })).toEqual({
    model: "openai my-own",
    maxOutputTokens: 64_000,
    contextTokens: 32_768,
  });
});

test.each([
  ["AFU9_PRICES", "cheap", "in USD for a million tokens"],
  ["AFU9_PRICES", '{"x":{"input":-1,"output":0}}', "in USD for a million tokens"],
  ["AFU9_MODEL_FALLBACK", "gpt-6-sol", "such as openai:gpt-6-sol"],
  ["AFU9_MODEL_EFFORT", "hard", "low"],
])("%s=%s is refused with what is expected", (variable, value, expected) => {
  expect(() => modelSettings.parse({ [variable]: value })).toThrow(expected);
});
