// What is said of budgets: on GitHub, and on the command line.
import type { Account, Amount, BudgetScope } from "./budget.ts";

export const scopeNames: Record<BudgetScope, string> = {
  execution: "this execution",
  issue: "this issue",
  repository: "this repository today",
  installation: "this installation this month",
};

/** Whose limit people can't raise by a command, and when it begins anew. */
const untilAnew: Partial<Record<BudgetScope, string>> = {
  repository: "It begins anew at 00:00 UTC",
  installation: "It begins anew with the next month (UTC)",
};
const variables: Record<BudgetScope, string> = {
  execution: "AFU9_BUDGET",
  issue: "AFU9_BUDGET_ISSUE",
  repository: "AFU9_BUDGET_REPOSITORY_DAY",
  installation: "AFU9_BUDGET_INSTALLATION_MONTH",
};

/** Why an execution is paused, for want of money or tokens, and what to type. */
export function budgetSpent(account: Account, next: Amount): string {
  const { scope, spent, limit } = account;
  const lacksMoney = spent.usd + next.usd > limit.usd;
  const how = lacksMoney
    ? `${dollars(spent.usd)} of ${dollars(limit.usd)}, and the next turn may cost ${dollars(next.usd)}`
    : `${count(spent.tokens)} of ${count(limit.tokens)} tokens, and the next turn may take ${count(next.tokens)}`;
  return `The budget of ${scopeNames[scope]} is spent: ${how}. ${remedy(scope, lacksMoney)} \`/afu9 cancel\` ends it.`;
}

function remedy(scope: BudgetScope, lacksMoney: boolean): string {
  const variable = `${variables[scope]}_${lacksMoney ? "USD" : "TOKENS"}`;
  const anew = untilAnew[scope];
  if (anew)
    return `${anew}, or AFU-9's operator raises ${variable}; \`/afu9 resume\` lets the work go on then.`;
  if (!lacksMoney)
    return `AFU-9's operator can raise ${variable}; \`/afu9 resume\` lets the work go on then.`;
  return "Comment `/afu9 budget +5` to let it go on with 5 USD more, or with another sum.";
}

/** One line: what was spent of what may be. */
export function accountLine({ scope, spent, limit }: Account): string {
  return `${scopeNames[scope]}: ${dollars(spent.usd)} of ${dollars(limit.usd)}, ${count(spent.tokens)} of ${count(limit.tokens)} tokens`;
}

export function dollars(usd: number): string {
  return `$${usd.toFixed(usd !== 0 && Math.abs(usd) < 0.1 ? 4 : 2)}`;
}

export function count(tokens: number): string {
  return tokens.toLocaleString("en");
}
