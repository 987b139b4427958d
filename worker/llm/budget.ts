// A model whose calls are within a budget: reserved before, settled after. The request itself is not touched.
import { setTimeout } from "node:timers/promises";
import type { Account, Amount } from "../../shared/budget.ts";
import { budgetSpent } from "../../shared/budget-wording.ts";
import { Parked } from "../../shared/errors.ts";
import type { Budget } from "../engine/budget.ts";
import { createEstimate, tokensOf } from "./estimate.ts";
import type { Model } from "./model.ts";
import { ModelFault } from "./model-fault.ts";

/** How often it is tried again while others' calls hold what is left, and for how long: calls take minutes at most. */
const [againMs, patienceMs] = [1_000, 10 * 60_000];

/**
 * The model within a budget. What a reply took is settled with the reply's own row. `reply` throws `Parked`, with what to type, when the budget has no room for the call. What a
 * call took that gave no reply nobody tells: one that was cut, or stopped by us, counts as it was estimated, because
 * providers bill what they have written; any other counts what its provider said, which is mostly nothing.
 */
export function budgeted(model: Model, budget: Omit<Budget, "saving">): Model {
  const estimate = createEstimate(model);
  return {
    ...model,
    async reply(request) {
      const amount = estimate.of(request);
      const reservation = await reserve(budget, amount, request.signal);
      const message = await model.reply(request).catch(async (error: unknown) => {
        await budget.settle(reservation, costOfFault(error, amount, request.signal));
        throw error;
      });
      estimate.replied();
      budget.spend(reservation, { usd: message.costUsd, tokens: tokensOf(message.usage) });
      return message;
    },
  };
}

async function reserve(
  budget: Pick<Budget, "reserve">,
  amount: Amount,
  signal: AbortSignal,
): Promise<string> {
  const until = performance.now() + patienceMs;
  while (true) {
    signal.throwIfAborted();
    const reserved = await budget.reserve(amount);
    if ("reservation" in reserved) return reserved.reservation;

    const spent = reserved.full.find((account) => !hasRoom(account, amount));
    const full = spent ?? (performance.now() > until ? reserved.full[0] : undefined);
    if (full) throw new Parked(budgetSpent(full, amount));
    await setTimeout(againMs, undefined, { signal });
  }
}

/** Whether a call fits once the calls that are under way have come to nothing. */
function hasRoom({ spent, limit }: Account, next: Amount): boolean {
  return spent.usd + next.usd <= limit.usd && spent.tokens + next.tokens <= limit.tokens;
}

/** What a call without a reply counts as: all that it may have taken once its provider had begun, or what the provider said. */
function costOfFault(error: unknown, estimate: Amount, signal: AbortSignal): Amount {
  const fault = error instanceof ModelFault ? error : undefined;
  if (signal.aborted || fault?.kind === "cut")
    return { ...estimate, usd: Math.max(estimate.usd, fault?.costUsd ?? 0) };
  return { usd: fault?.costUsd ?? 0, tokens: 0 };
}
