// Which model an agent works with: its own file says it, or the repository, or the environment.
import { PermanentFault } from "../errors.ts";
import type { Effort, ModelProvider } from "../repository-config.ts";
import type { ModelChoiceSettings } from "./model-settings.ts";
import { costOf, isPriced, type Prices } from "./prices.ts";

type ProviderName = ModelProvider;
export type ModelName = { provider: ProviderName; name: string };
/** What is asked for. A name alone is that of the provider which has it. */
type Wish = { provider?: ProviderName; name?: string; effort?: Effort };
export type Wishes = {
  /** What the agent's file says, `agents/NAME.md`. */
  agent?: {
    name: string;
    model?: string;
    provider?: ProviderName;
    effort?: Effort;
    limits: { "output-tokens"?: number };
  };
  /** What `.github/afu9.yml` of the repository says. */
  repository?: Wish;
};
export type Choice = ModelName & { effort?: Effort; maxOutputTokens?: number };

export const defaultNames = { anthropic: "claude-opus-5-5", openai: "gpt-6-sol" } as const;

/**
 * The first that names a model or a provider has its way, and so has the first that names an effort: the agent's file,
 * then the repository, then the environment. Throws a `PermanentFault` when the operator does not allow it, which
 * says who may change what.
 */
export function chooseModel(settings: ModelChoiceSettings, prices: Prices, wishes: Wishes = {}): Choice {
  const { agent, repository = {} } = wishes;
  const ofAgent = { provider: agent?.provider, name: agent?.model };
  const sources = [
    { wish: ofAgent, said: `agents/${agent?.name}.md` },
    { wish: repository, said: "the repository's `.github/afu9.yml`" },
  ];
  const source = sources.find(({ wish }) => wish.name !== undefined || wish.provider !== undefined);
  const model = source ? named(source.wish, settings, prices) : ownModel(settings);
  if (source) refuseUnlessAllowed(model, source.said, { settings, prices });
  return {
    ...model,
    effort: agent?.effort ?? repository.effort ?? settings.AFU9_MODEL_EFFORT,
    maxOutputTokens: agent?.limits["output-tokens"] ?? settings.AFU9_MODEL_MAX_OUTPUT,
  };
}

/** The model of the environment. */
export function ownModel(settings: ModelChoiceSettings): ModelName {
  const provider = settings.AFU9_MODEL_PROVIDER;
  return { provider, name: settings.AFU9_MODEL ?? defaultNames[provider] };
}

/** The model that takes over when another can't answer, if the environment names one. */
export function fallbackModel({ AFU9_MODEL_FALLBACK: text }: ModelChoiceSettings): ModelName | undefined {
  if (!text) return undefined;
  const [provider, ...name] = text.split(":");
  const known: ProviderName = provider === "openai" ? "openai" : "anthropic";
  return { provider: known, name: name.join(":") || defaultNames[known] };
}

function named({ provider, name }: Wish, settings: ModelChoiceSettings, prices: Prices): ModelName {
  const own = ownModel(settings);
  if (name === undefined) {
    const wanted = provider ?? own.provider;
    return wanted === own.provider ? own : { provider: wanted, name: defaultNames[wanted] };
  }
  const other = own.provider === "openai" ? "anthropic" : "openai";
  const isOfOther = !isPriced(name, own.provider, prices) && isPriced(name, other, prices);
  return { provider: provider ?? (isOfOther ? other : own.provider), name };
}

type Given = { settings: ModelChoiceSettings; prices: Prices };

function refuseUnlessAllowed(model: ModelName, said: string, given: Given): void {
  const list = given.settings.AFU9_MODELS_ALLOWED;
  if (list ? isListed(model, list) : isOwn(model, given.settings) || isNotDearer(model, given)) return;
  const own = ownModel(given.settings);
  const reason = list
    ? `Allowed are ${list.join(", ")} (AFU9_MODELS_ALLOWED).`
    : `Without AFU9_MODELS_ALLOWED, a model must have a known price, and not a higher one than ${write(own)}.`;
  throw new PermanentFault(
    `The model \`${write(model)}\`, which ${said} asks for, is not allowed here. ${reason} Ask for another model there, or let whoever runs AFU-9 add \`${write(model)}\` to AFU9_MODELS_ALLOWED.`,
  );
}

/** `*` in a pattern stands for any text. One without a provider is for the models of both. */
function isListed(model: ModelName, patterns: string[]): boolean {
  return patterns.some((pattern) => {
    const expression = new RegExp(`^${pattern.replace(/[^\w*]/g, "\\$&").replaceAll("*", ".*")}$`);
    return expression.test(write(model)) || expression.test(model.name);
  });
}

function isOwn(model: ModelName, settings: ModelChoiceSettings): boolean {
  return [ownModel(settings), fallbackModel(settings)].some((own) => own && write(own) === write(model));
}

/** Neither what it reads nor what it writes may cost more than with the environment's model. */
function isNotDearer({ name, provider }: ModelName, { settings, prices }: Given): boolean {
  if (!isPriced(name, provider, prices)) return false;
  const own = ownModel(settings);
  return (["input", "output", "cacheRead", "cacheWrite"] as const).every((kind) => {
    const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, [kind]: 1000 };
    return costOf(usage, name, provider, prices) <= costOf(usage, own.name, own.provider, prices);
  });
}

export function write({ provider, name }: ModelName): string {
  return `${provider}:${name}`;
}
