import { expect, test } from "@jest/globals";
import { costOf, type Prices } from "./prices.ts";

const million = 1_000_000;
const usage = { input: million, output: million, cacheRead: million, cacheWrite: million };
const prices = (own: [string, object][], unknown: Prices["unknown"] = "refuse") =>
  ({ own: new Map(own), unknown }) as Prices;

test("a published price counts what was read from the cache and written to it as such", () => {
  expect(costOf({ ...usage, input: 0, output: 0 }, "claude-opus-5-5", "anthropic")).toBeCloseTo(0.2 + 5, 8);
});

test("a price of the operator's comes before the published one, also for one provider alone", () => {
  const own = prices([
    ["claude-opus-5-5", { input: 1, output: 2, cacheRead: 0.5, cacheWrite: 4 }],
    ["openai:claude-opus-5-5", { input: 3, output: 3 }],
  ]);
  expect(costOf(usage, "claude-opus-5-5", "anthropic", own)).toBe(7.5);
  // Without prices for the cache, its tokens cost what others of the input do.
  expect(costOf(usage, "claude-opus-5-5", "openai", own)).toBe(12);
});

test("a model of one's own may cost nothing", () => {
  expect(costOf(usage, "llama", "openai", prices([["llama", { input: 0, output: 0 }]]))).toBe(0);
});

test("an unknown model is refused, or counted as the dearest of its provider", () => {
  expect(() => costOf(usage, "my-own", "anthropic")).toThrow(/price of the model `my-own` \(anthropic\)/);
  const dearest = costOf(usage, "my-own", "anthropic", prices([], "dearest"));
  for (const known of ["claude-opus-5-5", "claude-opus-4-1", "claude-fable-5"]) {
    expect(dearest).toBeGreaterThanOrEqual(costOf(usage, known, "anthropic"));
  }
  expect(dearest).toBeLessThan(costOf(usage, "my-own", "openai", prices([], "dearest")));
});

test.each(["constructor", "__proto__"])("a model that is called %s has no price", (name) => {
  expect(() => costOf(usage, name, "openai", prices([]))).toThrow(/is not known/);
});
