// What is said of budgets: on GitHub, and on the command line. Only answers are in each language.
import { type Account, type Amount, type BudgetScope, shareOf } from "./budget.ts";
import type { Language, Text } from "./language.ts";

export const scopeNames: Record<BudgetScope, Text> = {
  execution: { en: "this execution", de: "diese Ausführung" },
  issue: { en: "this issue", de: "dieses Issue" },
  repository: { en: "this repository today", de: "dieses Repository heute" },
  installation: { en: "this installation this month", de: "diese Installation in diesem Monat" },
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
  return `The budget of ${scopeNames[scope].en} is spent: ${how}. ${remedy(scope, lacksMoney)} \`/afu9 cancel\` ends it.`;
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

/** A warning, while the work still goes on. */
export function nearlySpent(account: Account): string {
  const { scope, spent, limit } = account;
  const share = `${Math.floor(100 * shareOf(account))} %`;
  const how = `${dollars(spent.usd)} of ${dollars(limit.usd)}, ${count(spent.tokens)} of ${count(limit.tokens)} tokens`;
  const more = untilAnew[scope] ? "" : "; `/afu9 budget +5` adds 5 USD";
  return `**${share} of the budget of ${scopeNames[scope].en} is spent** (${how}). When nothing is left, the work pauses and asks${more}.`;
}

/** Why a sum can't be added, beyond what AFU-9's operator allows. */
export function cantRaiseExecution(limit: number, most: number): Text {
  const { en, de } = atMost(most - limit);
  return {
    en: `I can't add that much: this execution may spend ${dollars(limit)}, and AFU-9's operator lets it be raised to ${dollars(most)} (AFU9_BUDGET_MAX_USD). ${en}`,
    de: `So viel kann nicht hinzukommen: Diese Ausführung darf ${dollars(limit, "de")} ausgeben, und der Betreiber von AFU-9 lässt höchstens ${dollars(most, "de")} zu (AFU9_BUDGET_MAX_USD). ${de}`,
  };
}

export function cantRaiseIssue(added: number, most: number): Text {
  const { en, de } = atMost(most - added);
  return {
    en: `I can't add that much: ${dollars(added)} were added for this issue so far, and AFU-9's operator allows ${dollars(most)} in all (AFU9_BUDGET_MAX_USD). ${en}`,
    de: `So viel kann nicht hinzukommen: Für dieses Issue sind bisher ${dollars(added, "de")} hinzugekommen, und der Betreiber von AFU-9 lässt insgesamt ${dollars(most, "de")} zu (AFU9_BUDGET_MAX_USD). ${de}`,
  };
}

function atMost(left: number): Text {
  if (left < 0.01) return { en: "Nothing more can be added.", de: "Mehr kann nicht hinzukommen." };
  const command = `\`/afu9 budget +${Math.floor(left * 100) / 100}\``;
  return {
    en: `${command} is the most that can be added.`,
    de: `${command} ist das meiste, was noch hinzukommen kann.`,
  };
}

export function dollars(
  usd: number,
  language: Language = "en",
  digits = usd !== 0 && Math.abs(usd) < 0.1 ? 4 : 2,
): string {
  return new Intl.NumberFormat(language, {
    ...{ style: "currency", currency: "USD" },
    ...{ minimumFractionDigits: digits, maximumFractionDigits: digits },
  }).format(usd);
}

export function count(tokens: number, language: Language = "en"): string {
  return tokens.toLocaleString(language);
}
