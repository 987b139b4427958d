import { createHash } from "node:crypto";
import { shareOf, warnedFrom } from "../../shared/budget.ts";
import type { Snapshot } from "./snapshot.ts";

/** Stands for a content: while it is the same, GitHub has it already. */
export function contentKey(snapshot: Snapshot, render: (snapshot: Snapshot) => unknown): string {
  const isAtWork = snapshot.status === "running" && snapshot.startedAt !== null;
  const content = JSON.stringify(render(isAtWork ? withoutFigures(snapshot) : snapshot));
  return createHash("sha256").update(content).digest("hex");
}

/** While it runs, what it has cost until now is brought up to date only with something else. That a budget is nearly spent is something. */
function withoutFigures(snapshot: Snapshot): Snapshot {
  const accounts = snapshot.accounts.map((account) => ({
    ...account,
    spent: shareOf(account) >= warnedFrom ? account.limit : { usd: 0, tokens: 0 },
  }));
  return { ...snapshot, turns: 0, tokens: 0, costUsd: 0, accounts };
}
