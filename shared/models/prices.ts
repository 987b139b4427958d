import { calcPrice, findProvider } from "@pydantic/genai-prices";
import { PermanentFault } from "../errors.ts";
import type { ModelProvider } from "../repository-config.ts";

/** In USD for a million tokens. Without prices of their own, tokens of the cache cost what others of the input do. */
export type Price = { input: number; output: number; cacheRead?: number; cacheWrite?: number };
export type Prices = {
  /** Prices that come before the published ones, by `model` or `provider:model`. */
  own: ReadonlyMap<string, Price>;
  /** What is done about a model without a price: refused, or counted at the dearest one of its provider. */
  unknown: "refuse" | "dearest";
};

/** Those that the operator has set, before the published ones. */
export function pricesOf(settings: {
  AFU9_PRICES?: Map<string, Price> | undefined;
  AFU9_UNKNOWN_PRICE: Prices["unknown"];
}): Prices {
  return { own: settings.AFU9_PRICES ?? new Map(), unknown: settings.AFU9_UNKNOWN_PRICE };
}

export const listPrices: Prices = { own: new Map(), unknown: "refuse" };

type Provider = ModelProvider;

/** Tokens of one turn. `input` leaves out what was read from or written to the provider's cache. */
export type Usage = { input: number; output: number; cacheRead: number; cacheWrite: number };

/** What a turn costs in USD. An unknown model is refused unless the operator said otherwise: its spend had no limit. */
export function costOf(usage: Usage, model: string, provider: Provider, prices: Prices = listPrices): number {
  const own = ownPrice(model, provider, prices);
  if (own) return costAt(own, usage);
  const published = publishedCost(usage, model, provider);
  if (published !== undefined) return published;
  if (prices.unknown === "dearest") return dearestCost(usage, provider);
  throw new PermanentFault(
    `The price of the model \`${model}\` (${provider}) is not known, so its spend can't be limited. Set AFU9_MODEL to a model whose price is known, and AFU9_MODEL_PROVIDER to its provider; or give its price in AFU9_PRICES (0 for a server of your own); or set AFU9_UNKNOWN_PRICE=dearest to count it as the provider's dearest model.`,
  );
}

/** Whether there is a price for it, our own or a published one. */
export function isPriced(model: string, provider: Provider, prices: Prices): boolean {
  return (
    ownPrice(model, provider, prices) !== undefined || publishedCost(nothing, model, provider) !== undefined
  );
}

/** The window of a model that is known, in tokens. */
export function windowOf(model: string, provider: Provider): number | undefined {
  return calcPrice({}, model, { providerId: provider })?.model.context_window;
}

const nothing: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

function ownPrice(model: string, provider: Provider, { own }: Prices): Price | undefined {
  return own.get(`${provider}:${model}`) ?? own.get(model);
}

function costAt(price: Price, { input, output, cacheRead, cacheWrite }: Usage): number {
  const cached =
    cacheRead * (price.cacheRead ?? price.input) + cacheWrite * (price.cacheWrite ?? price.input);
  return (input * price.input + output * price.output + cached) / 1_000_000;
}

function publishedCost(usage: Usage, model: string, provider: Provider): number | undefined {
  const alone = published(model, provider);
  return alone && calcPrice(tokensOf(usage), model, { provider: alone })?.total_price;
}

/** A provider with this model alone, each looked up once: the library goes through all that it knows, and a turn asks twice. */
const looked = new Map<string, ReturnType<typeof findProvider>>();
function published(model: string, providerId: Provider): ReturnType<typeof findProvider> {
  const key = `${providerId}:${model}`;
  if (!looked.has(key)) {
    const found = calcPrice({}, model, { providerId });
    looked.set(key, found ? { ...found.provider, models: [found.model] } : undefined);
  }
  return looked.get(key);
}

/** Each model by itself: asked for by its name among all, one may be taken for another whose name is like it. */
function dearestCost(usage: Usage, providerId: Provider): number {
  const provider = findProvider({ providerId });
  if (!provider) return 0;
  const costs = provider.models.map((model) => {
    const alone = { ...provider, models: [model] };
    return calcPrice(tokensOf(usage), model.id, { provider: alone })?.total_price ?? 0;
  });
  return Math.max(0, ...costs);
}

function tokensOf(usage: Usage) {
  return {
    input_tokens: usage.input + usage.cacheRead + usage.cacheWrite,
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite,
    output_tokens: usage.output,
  };
}
