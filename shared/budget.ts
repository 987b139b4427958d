// What may be spent on models. Each call counts in four accounts: its execution's, its issue's, its repository's of the day
// and its installation's of the month, by the database's clock, in UTC.
import type { Pool } from "pg";
import { z } from "zod";

/** From the narrowest to the widest. */
export const budgetScopes = ["execution", "issue", "repository", "installation"] as const;
export type BudgetScope = (typeof budgetScopes)[number];

/** Tokens of all kinds, those from a provider's cache too. */
export type Amount = { usd: number; tokens: number };
export const nothing: Amount = { usd: 0, tokens: 0 };
export type BudgetLimits = Record<BudgetScope, Amount>;

const usd = z.coerce.number().positive().max(1e9);
const tokens = z.coerce.number().int().positive().max(1e15);

/** The operator's limits. What is not set is a multiple of what an execution may spend: nothing is without a limit. */
export const budgetSettings = z.object({
  AFU9_BUDGET_USD: usd.default(5),
  AFU9_BUDGET_TOKENS: tokens.default(20_000_000),
  AFU9_BUDGET_ISSUE_USD: usd.optional(),
  AFU9_BUDGET_ISSUE_TOKENS: tokens.optional(),
  AFU9_BUDGET_REPOSITORY_DAY_USD: usd.optional(),
  AFU9_BUDGET_REPOSITORY_DAY_TOKENS: tokens.optional(),
  AFU9_BUDGET_INSTALLATION_MONTH_USD: usd.optional(),
  AFU9_BUDGET_INSTALLATION_MONTH_TOKENS: tokens.optional(),
  /** What people may raise the limit of an execution, and of an issue, to. */
  AFU9_BUDGET_MAX_USD: usd.optional(),
});
export type BudgetSettings = z.infer<typeof budgetSettings>;

/** The names of the settings: app and worker are given all of them. */
export const budgetVariables: string[] = budgetSettings.keyof().options;

const times = { issue: 4, repository: 10, installation: 100, most: 10 };

/** The limits of an execution and all it belongs to. What the repository says can only lower the execution's own. */
export function budgetLimits(settings: BudgetSettings, repository: Partial<Amount> = {}): BudgetLimits {
  const [dollars, all] = [settings.AFU9_BUDGET_USD, settings.AFU9_BUDGET_TOKENS];
  return {
    execution: {
      usd: Math.min(dollars, repository.usd ?? dollars),
      tokens: Math.min(all, repository.tokens ?? all),
    },
    issue: {
      usd: settings.AFU9_BUDGET_ISSUE_USD ?? times.issue * dollars,
      tokens: settings.AFU9_BUDGET_ISSUE_TOKENS ?? times.issue * all,
    },
    repository: {
      usd: settings.AFU9_BUDGET_REPOSITORY_DAY_USD ?? times.repository * dollars,
      tokens: settings.AFU9_BUDGET_REPOSITORY_DAY_TOKENS ?? times.repository * all,
    },
    installation: {
      usd: settings.AFU9_BUDGET_INSTALLATION_MONTH_USD ?? times.installation * dollars,
      tokens: settings.AFU9_BUDGET_INSTALLATION_MONTH_TOKENS ?? times.installation * all,
    },
  };
}

/** What the limits of executions and issues may be raised to, in USD. */
export function mostUsd(settings: BudgetSettings): number {
  return settings.AFU9_BUDGET_MAX_USD ?? times.most * settings.AFU9_BUDGET_USD;
}

/** How an account stands. The limit is what was set, with what people have added. */
export type Account = { scope: BudgetScope; spent: Amount; reserved: Amount; limit: Amount };

/** From this share of a limit on, people are warned. */
export const warnedFrom = 0.8;

/** SQL: the keys of the accounts of an execution `e`, as `key`, each with its place in the order. */
export const accountKeys = `(VALUES
  ('execution'::budget_scope, e.id::text, ''),
  ('issue', e.repository_id || '#' || e.issue_number, ''),
  ('repository', e.repository_id::text, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')),
  ('installation', e.installation_id::text, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM'))
) AS key(scope, owner, period)`;

/** SQL: what `AccountRow` reads of accounts `a`. */
export const accountColumns = `a.scope, a.spent_usd::float8 AS "spentUsd", a.spent_tokens::float8 AS "spentTokens",
  a.reserved_usd::float8 AS "reservedUsd", a.reserved_tokens::float8 AS "reservedTokens",
  (a.limit_usd + a.raised_usd)::float8 AS "limitUsd", a.limit_tokens::float8 AS "limitTokens"`;

export const AccountRow = z
  .object({
    scope: z.enum(budgetScopes),
    spentUsd: z.number(),
    spentTokens: z.number(),
    reservedUsd: z.number(),
    reservedTokens: z.number(),
    limitUsd: z.number(),
    limitTokens: z.number(),
  })
  .transform(
    (row): Account => ({
      scope: row.scope,
      spent: { usd: row.spentUsd, tokens: row.spentTokens },
      reserved: { usd: row.reservedUsd, tokens: row.reservedTokens },
      limit: { usd: row.limitUsd, tokens: row.limitTokens },
    }),
  );

/** How the accounts of an execution stand now. One on which nothing was spent or reserved yet may be missing. */
export async function readAccounts(pool: Pick<Pool, "query">, execution: string): Promise<Account[]> {
  const { rows } = await pool.query(
    `SELECT ${accountColumns} FROM workflow_executions e CROSS JOIN LATERAL ${accountKeys}
       JOIN budget_accounts a USING (scope, owner, period) WHERE e.id = $1 ORDER BY a.scope`,
    [execution],
  );
  return z.array(AccountRow).parse(rows);
}

/** The part of its limit that an account has used, of money or of tokens, whichever is more. */
export function shareOf({ spent, limit }: Pick<Account, "spent" | "limit">): number {
  return Math.max(spent.usd / limit.usd, spent.tokens / limit.tokens);
}
