import { expect, test } from "@jest/globals";
import { budgetLimits, budgetSettings, budgetVariables, mostUsd } from "./budget.ts";
import { readConfig } from "./config.ts";

const settings = (env: Record<string, string> = {}) => readConfig(budgetSettings, env);

test("every budget has a limit when nothing is set, and what is not set follows what an execution may spend", () => {
  expect(budgetLimits(settings())).toEqual({
    execution: { usd: 5, tokens: 20_000_000 },
    issue: { usd: 20, tokens: 80_000_000 },
    repository: { usd: 50, tokens: 200_000_000 },
    installation: { usd: 500, tokens: 2_000_000_000 },
  });
  expect(mostUsd(settings())).toBe(50);
  const more = settings({ AFU9_BUDGET_USD: "30", AFU9_BUDGET_REPOSITORY_DAY_USD: "60" });
  expect(budgetLimits(more)).toMatchObject({ issue: { usd: 120 }, repository: { usd: 60 } });
});

test("a repository lowers the limit of its executions, and never raises it", () => {
  expect(budgetLimits(settings(), { usd: 2 }).execution).toEqual({ usd: 2, tokens: 20_000_000 });
  expect(budgetLimits(settings(), { usd: 1_000, tokens: 1e12 })).toEqual(budgetLimits(settings()));
});

test("a limit is a number above nothing, and no word makes it infinite", () => {
  for (const wrong of ["0", "-1", "Infinity", "1e12", "unlimited", "NaN"])
    expect(() => settings({ AFU9_BUDGET_USD: wrong })).toThrow(/AFU9_BUDGET_USD/);
  expect(() => settings({ AFU9_BUDGET_TOKENS: "1.5" })).toThrow(/AFU9_BUDGET_TOKENS/);
  expect(budgetVariables).toContain("AFU9_BUDGET_INSTALLATION_MONTH_TOKENS");
});
