import { calcPrice } from "@pydantic/genai-prices";
import { PermanentFault } from "../../shared/errors.ts";
import type { Usage } from "./model.ts";

/** What a turn costs in USD, at the provider's list price. An unknown model is refused: its spend had no limit. */
export function costOf(usage: Usage, model: string, provider: string): number {
  const price = calcPrice(
    {
      input_tokens: usage.input + usage.cacheRead + usage.cacheWrite,
      cache_read_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite,
      output_tokens: usage.output,
    },
    model,
    { providerId: provider },
  );
  if (price) return price.total_price;
  throw new PermanentFault(
    `The price of the model \`${model}\` (${provider}) is not known, so its spend can't be limited. Set AFU9_MODEL to a model whose price is known, and AFU9_MODEL_PROVIDER to its provider; without AFU9_MODEL the default is used.`,
  );
}
