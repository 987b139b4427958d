import { z } from "zod";
import { shareOf, warnedFrom } from "../../shared/budget.ts";
import { count, dollars } from "../../shared/budget-wording.ts";
import { command, option } from "../command.ts";
import type { Output } from "../output.ts";
import { type ListedBudget, listBudgets } from "../rows/budget-list.ts";
import { table } from "../wording.ts";
import { repo } from "./list-executions.ts";

export const showBudgets = command({
  usage: "budget",
  summary: "Show what was spent on models, by installation and month, and by repository and day.",
  details: "Days and months are in UTC. `executions view` shows what one execution has spent.",
  options: z.object({
    repo,
    days: option(
      "--days <n>",
      "the last so many days, and the months that they are in (7)",
      z.coerce.number("Expected a number").int("Expected a whole number").min(1).max(1_000).default(7),
    ),
  }),
  async run({ options, deps, out }) {
    const budgets = await listBudgets((await deps.db()).pool, options);
    out.say({ json: budgets, text: budgets.length ? asTable(budgets, out) : "Nothing was spent." });
    return 0;
  },
});

const head = ["WHEN", "BUDGET OF", "SPENT", "OF", "USED", "TOKENS", "OF", "UNDER WAY"];

function asTable(budgets: ListedBudget[], { paint }: Output): string {
  const rows = budgets.map((one) => {
    const share = shareOf({
      spent: { usd: one.spentUsd, tokens: one.spentTokens },
      limit: { usd: one.limitUsd, tokens: one.limitTokens },
    });
    const used = `${Math.floor(100 * share)} %`;
    return [
      one.period,
      one.scope === "repository" ? one.of : `installation ${one.of}`,
      dollars(one.spentUsd),
      dollars(one.limitUsd),
      share >= warnedFrom ? paint("yellow", used) : used,
      count(one.spentTokens),
      count(one.limitTokens),
      one.reservedUsd > 0 ? dollars(one.reservedUsd) : "-",
    ];
  });
  return table(
    head.map((cell) => paint("bold", cell)),
    rows,
  );
}
