import type { PoolClient } from "pg";
import { accountKeys, type BudgetLimits } from "./budget.ts";
import { cantRaiseExecution, cantRaiseIssue } from "./budget-wording.ts";
import { Refusal } from "./errors.ts";

const raised = ["execution", "issue"] as const;

export type Raise = {
  /** How much more may be spent, in USD. */
  usd: number;
  /** What an execution may be raised to, and an issue by, at most. */
  mostUsd: number;
  /** What is written for an account on which nothing was spent yet. */
  limits: BudgetLimits;
};

/**
 * Raises what an execution, and the issue it is for, may spend. They are warned anew when most of that is spent. Throws a
 * `Refusal` beyond the operator's bound.
 */
export async function raiseBudget(client: PoolClient, execution: string, raise: Raise): Promise<void> {
  const { usd, mostUsd, limits } = raise;
  const values = raised.map((scope) => ({ scope, ...limits[scope] }));
  const { rows } = await client.query<{ scope: string; limit: number; added: number }>(
    `INSERT INTO budget_accounts AS a (id, scope, owner, period, limit_usd, limit_tokens, raised_usd)
     SELECT gen_random_uuid(), scope, key.owner, key.period, set.usd, set.tokens, $3
       FROM workflow_executions e CROSS JOIN LATERAL ${accountKeys}
       JOIN jsonb_to_recordset($2) AS set(scope budget_scope, usd numeric, tokens bigint) USING (scope)
      WHERE e.id = $1 ORDER BY scope
     ON CONFLICT (scope, owner, period) DO UPDATE SET raised_usd = a.raised_usd + $3, warned_at = NULL
     RETURNING scope, limit_usd::float8 AS limit, raised_usd::float8 AS added`,
    [execution, JSON.stringify(values), usd],
  );
  for (const { scope, limit, added } of rows) {
    if (scope === "execution" && limit + added > mostUsd)
      throw new Refusal(cantRaiseExecution(limit + added - usd, mostUsd));
    if (scope === "issue" && added > mostUsd) throw new Refusal(cantRaiseIssue(added - usd, mostUsd));
  }
}
