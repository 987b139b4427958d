import { readConfig } from "../../shared/config.ts";
import { ownModel } from "../../shared/models/choose-model.ts";
import { modelSettings } from "../../shared/models/model-settings.ts";
import { checkKey } from "../../worker/llm/check-key.ts";
import { createModels } from "../../worker/llm/create-models.ts";
import { silentLog } from "../silent-log.ts";
import { type Answer, fault, type Patient, well } from "./finding.ts";

const keyPages = {
  anthropic: "https://console.anthropic.com/settings/keys",
  openai: "https://platform.openai.com/api-keys",
};

/** Asks the provider for its list of models, which costs nothing. */
export async function checkModelKey({ env }: Patient): Promise<Answer> {
  const settings = readConfig(modelSettings, env);
  const { provider, name } = ownModel(settings);
  const problem = await checkKey(settings);
  if (!problem) return well(`${provider} takes it, for ${name}`);
  const variable = provider === "anthropic" ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY";
  return fault(`${provider}: ${problem}`, `Put a key into .env as ${variable}: ${keyPages[provider]}`);
}

/** A model without a price has no bound: it is refused before its first turn. */
export async function checkModelPrice({ env }: Patient): Promise<Answer> {
  const settings = readConfig(modelSettings, env);
  const { provider, name } = ownModel(settings);
  const someKey = { ANTHROPIC_API_KEY: "-", OPENAI_API_KEY: "-" };
  createModels({ ...someKey, ...settings }, { log: silentLog }).modelFor();
  return well(`${provider}:${name} has one`);
}
