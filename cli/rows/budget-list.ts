import type { Pool } from "pg";

export type ListedBudget = {
  scope: "repository" | "installation";
  /** `owner/name`, or an installation's number. */
  of: string;
  /** The day or the month, in UTC. */
  period: string;
  spentUsd: number;
  /** What calls that are under way may cost yet. */
  reservedUsd: number;
  limitUsd: number;
  spentTokens: number;
  limitTokens: number;
};

export type BudgetFilter = { repo?: string; days: number };

/** What was spent of the budgets of repositories and of installations, the newest first; of a repository only its own. */
export async function listBudgets(pool: Pool, { repo, days }: BudgetFilter): Promise<ListedBudget[]> {
  const { rows } = await pool.query<ListedBudget>(
    `SELECT a.scope, coalesce(r.owner || '/' || r.name, a.owner) AS of, a.period,
            a.spent_usd::float8 AS "spentUsd", a.reserved_usd::float8 AS "reservedUsd",
            (a.limit_usd + a.raised_usd)::float8 AS "limitUsd",
            a.spent_tokens::float8 AS "spentTokens", a.limit_tokens::float8 AS "limitTokens"
       FROM budget_accounts a LEFT JOIN repositories r ON a.scope = 'repository' AND r.id::text = a.owner
      WHERE a.period <> ''
        AND a.period >= left(to_char((now() AT TIME ZONE 'UTC') - make_interval(days => $2 - 1), 'YYYY-MM-DD'), length(a.period))
        AND ($1::text IS NULL OR lower(r.owner || '/' || r.name) = lower($1))
      ORDER BY a.scope DESC, a.period DESC, a.spent_usd DESC, a.owner LIMIT 1000`,
    [repo, days],
  );
  return rows;
}
