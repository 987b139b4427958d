import { expect, test } from "@jest/globals";
import { createModel, modelSettings } from "./create-model.ts";

function made(env: Record<string, string>) {
  const { provider, name } = createModel(modelSettings.parse(env));
  return `${provider} ${name}`;
}

test("Anthropic's model is the default, and each provider has one of its own", () => {
  expect(made({ ANTHROPIC_API_KEY: "k" })).toBe("anthropic claude-opus-5-5");
  expect(made({ AFU9_MODEL_PROVIDER: "openai", OPENAI_API_KEY: "k" })).toBe("openai gpt-6-sol");
});

test.each(["anthropic", "openai"])("without the key of %s there is no model", (AFU9_MODEL_PROVIDER) => {
  expect(() => made({ AFU9_MODEL_PROVIDER })).toThrow(
    `Expected ${AFU9_MODEL_PROVIDER.toUpperCase()}_API_KEY`,
  );
});

test("a model whose price is not known is refused before it is asked, with what to set", () => {
  const openai = { AFU9_MODEL_PROVIDER: "openai", OPENAI_API_KEY: "k" };
  expect(() => made({ ...openai, AFU9_MODEL: "my-own" })).toThrow(
    /price of the model `my-own`.*Set AFU9_MODEL/,
  );
  expect(() => made({ ...openai, AFU9_MODEL: "claude-opus-5-5" })).toThrow(/AFU9_MODEL_PROVIDER/);
});
