import {
  type Account,
  type Amount,
  type BudgetSettings,
  budgetLimits,
  budgetScopes,
  nothing,
  readAccounts,
} from "../shared/budget.ts";
import type { Database } from "../shared/db.ts";
import { RepositoryConfig } from "../shared/repository-config.ts";

export type BudgetView = {
  execution: string;
  /** As the execution stands. */
  status: string;
  error: string | null;
  /** All four. */
  accounts: Account[];
  /** What the repository said of it when the execution began. */
  repositoryBudget: Partial<Amount>;
};

/** What an execution, and all it belongs to, has spent and may spend. */
export async function readBudget(
  { db, budget }: { db: Database; budget: BudgetSettings },
  execution: string,
): Promise<BudgetView> {
  const { status, error, config } = await db.prisma.workflowExecution.findUniqueOrThrow({
    where: { id: execution },
  });
  const repositoryBudget = RepositoryConfig.safeParse(config ?? {}).data?.budget ?? {};
  const limits = budgetLimits(budget, repositoryBudget);
  const known = await readAccounts(db.pool, execution);
  const accounts = budgetScopes.map((scope): Account => {
    const unused = { scope, spent: nothing, reserved: nothing, limit: limits[scope] };
    return known.find((account) => account.scope === scope) ?? unused;
  });
  return { execution, status, error, accounts, repositoryBudget };
}
