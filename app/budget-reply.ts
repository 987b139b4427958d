import { count, dollars, scopeNames } from "../shared/budget-wording.ts";
import type { BudgetView } from "./read-budget.ts";

/** What was spent and what may be, and what to type. */
export function budgetTable({ execution, accounts }: BudgetView): string {
  const rows = accounts.map(({ scope, spent, reserved, limit }) => {
    const underWay =
      reserved.usd > 0 ? ` (and up to ${dollars(reserved.usd)} by calls that are under way)` : "";
    return `| ${scopeNames[scope]} | ${dollars(spent.usd)}${underWay} | ${dollars(limit.usd)} | ${count(spent.tokens)} | ${count(limit.tokens)} |`;
  });
  return [
    ["| budget of | spent | of | tokens | of |", "|---|---|---|---|---|", ...rows].join("\n"),
    `Days and months are in UTC. \`/afu9 budget +5\` lets this execution, and this issue, spend 5 USD more (role \`maintain\`). Execution \`${execution}\`.`,
  ].join("\n\n");
}

/** What may be spent now, and whether that lets it go on. */
export function budgetRaised({ accounts }: BudgetView, before: BudgetView): string {
  const limits = accounts
    .filter(({ scope }) => scope === "execution" || scope === "issue")
    .map(
      ({ scope, limit, spent }) =>
        `${dollars(limit.usd)} for ${scopeNames[scope]} (${dollars(spent.usd)} are spent)`,
    );
  return `I may spend ${limits.join(" and ")} now. ${howItGoesOn(before)}`;
}

function howItGoesOn({ status, error }: BudgetView): string {
  if (status !== "paused") return "Nothing was paused: I go on as before.";
  if (error === null)
    return "A person paused the execution, so it stays paused. `/afu9 resume` lets it go on.";
  return "I go on; `/afu9 status` tells how far I am.";
}
