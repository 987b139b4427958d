import { budgetLimits, mostUsd } from "../../shared/budget.ts";
import { Refusal } from "../../shared/errors.ts";
import { covers } from "../../shared/role.ts";
import { askControl } from "../ask-control.ts";
import { executionOf } from "../find-execution.ts";
import { commandRoles, roleFor } from "../policy/command-roles.ts";
import { readBudget } from "../read-budget.ts";
import { budgetRaised, budgetTable } from "../replies/budget.ts";
import { notASum, withUsage } from "../replies/commands.ts";
import { refusedForRole, wishes } from "../replies/who-may.ts";
import { type Command, usageOf } from "./command.ts";

export const budget: Command = {
  name: "budget",
  words: "[+n]",
  summary: {
    en: `Tell what was spent and what may be. \`+5\` adds 5 USD, and lets it go on when it has paused for that (role ${commandRoles.budget}).`,
    de: `Sagen, was ausgegeben wurde und werden darf. \`+5\` gibt 5 USD dazu und lässt es weitergehen, wenn es deswegen angehalten hat (Rolle ${commandRoles.budget}).`,
  },
  wish: { en: "tell what was spent", de: "Sagen, was ausgegeben wurde," },
  // To look. What it takes to raise it is asked when somebody does.
  role: "read",
  async run(call) {
    const [sum] = call.args;
    const before = await readBudget(call.deps, await executionOf(call));
    if (sum === undefined) return budgetTable(before);

    const usd = parseSum(sum);
    const needed = roleFor("budget", await call.deps.configs.of(call.context));
    if (!covers(call.role, needed)) throw new Refusal(refusedForRole(wishes.raiseBudget, needed, call.role));
    const { budget, db } = call.deps;
    const limits = budgetLimits(budget, before.repositoryBudget);
    const raise = { usd, mostUsd: mostUsd(budget), limits };
    await askControl(call, "budget", { text: sum, raise, needs: call.needs && needed });
    return budgetRaised(await readBudget({ budget, db }, before.execution), before);
  },
};

/** What comes in dollars, with cents or without. Throws a `Refusal` for anything else. */
function parseSum(word: string): number {
  const usd = Number(word.match(/^\+\$?(\d{1,7}(?:\.\d{1,2})?)$/)?.[1]);
  if (usd > 0) return usd;
  throw new Refusal(withUsage(notASum(word), budget.name, usageOf(budget)));
}
