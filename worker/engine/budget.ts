// What an execution may spend on models, reserved before a call and settled after it. The sums are rows, changed in one
// statement that holds all of them: however many executions reserve at once, together they stay within the limit.
import type { Pool } from "pg";
import { z } from "zod";
import {
  type Account,
  AccountRow,
  type Amount,
  accountColumns,
  accountKeys,
  type BudgetLimits,
  budgetScopes,
  warnedFrom,
} from "../../shared/budget.ts";
import type { Logger } from "../../shared/logger.ts";
import type { Claim } from "./claim.ts";
import { held, StaleLease } from "./lease.ts";

export type Reserved = { reservation: string } | { full: Account[] };

export type Budget = {
  /** Reserves in all four accounts, or in none and gives those that have no room. A stale worker gets a `StaleLease`. */
  reserve(amount: Amount): Promise<Reserved>;
  /** Puts what was spent in place of what was reserved. A stale worker gets a `StaleLease`, and changes nothing. */
  settle(reservation: string, spent: Amount): Promise<void>;
  /** Notes what a turn took: it is settled with what is saved next. */
  spend(reservation: string, spent: Amount): void;
  /**
   * Saves something, and settles in the same statement what was noted (as the parameters of `settled`). So a turn that
   * is saved is paid for, one that is not is asked for again, and no round trip is made for it.
   */
  saving<T extends Warned>(save: (settlement: Settlement) => Promise<T>): Promise<T>;
};

/** The reservation, if there is one, and what was spent in its place, in USD and in tokens. */
export type Settlement = [reservation: string | null, usd: number, tokens: number];
/** The accounts that a settlement brought to where people are told. */
export type Warned = { warned: unknown };

/** For what has no budget. */
export const noBudget: Pick<Budget, "saving"> = { saving: (save) => save([null, 0, 0]) };

/** Accounts are always locked in this order: two executions that share some never wait for each other. */
const inOrder = "ORDER BY a.scope, a.owner, a.period FOR UPDATE OF a";

/** What came of reserving: how many of the accounts are there, and the reservation, unless one of them is full. */
const Verdict = z.object({ known: z.number(), reservation: z.string().nullable() });

/** The budget of a claimed execution. What an earlier claim of it left reserved is given back. */
export function openBudget(
  pool: Pool,
  claim: Claim,
  { limits, log }: { limits: BudgetLimits; log: Logger },
): Budget {
  let isOpened = false;
  let noted: Settlement | undefined;

  function warn({ warned }: Warned): void {
    for (const { scope, spent, limit } of z.array(AccountRow).parse(warned ?? []))
      log.warn({ scope, spent, limit }, "budget nearly spent");
  }

  /** Also when a day or a month begins: then its account is not there yet. */
  async function open(): Promise<void> {
    if (!isOpened)
      await giveBack(pool, "e.id = $1 AND e.fence = $2 AND r.fence < $2", [claim.id, claim.fence]);
    const values = Object.entries(limits).map(([scope, { usd, tokens }]) => ({ scope, usd, tokens }));
    const { rowCount } = await pool.query(
      `WITH ${held}, made AS (
         INSERT INTO budget_accounts AS a (id, scope, owner, period, limit_usd, limit_tokens)
         SELECT gen_random_uuid(), key.scope, key.owner, key.period, set.usd, set.tokens
           FROM held JOIN workflow_executions e USING (id) CROSS JOIN LATERAL ${accountKeys}
           JOIN jsonb_to_recordset($3) AS set(scope budget_scope, usd numeric, tokens bigint) USING (scope)
          ORDER BY key.scope, key.owner, key.period
         ON CONFLICT (scope, owner, period)
         DO UPDATE SET limit_usd = excluded.limit_usd, limit_tokens = excluded.limit_tokens
       ) SELECT FROM held`,
      [claim.id, claim.fence, JSON.stringify(values)],
    );
    if (!rowCount) throw new StaleLease(claim.id);
    isOpened = true;
  }

  return {
    async reserve(amount) {
      if (!isOpened) await open();
      const { rows } = await pool.query({
        name: "reserve-budget",
        text: reserving,
        values: [claim.id, claim.fence, amount.usd, Math.ceil(amount.tokens)],
      });
      const { known, reservation } = Verdict.parse(rows[0]);
      if (reservation) return { reservation };
      if (known === budgetScopes.length) return { full: z.array(AccountRow).parse(rows) };
      await open();
      return this.reserve(amount);
    },
    async settle(reservation, spent) {
      const { rows } = await pool.query<Warned>({
        name: "settle-budget",
        text: settling,
        values: [claim.id, claim.fence, ...settlementOf(reservation, spent)],
      });
      if (!rows[0]) throw new StaleLease(claim.id);
      warn(rows[0]);
    },
    spend(reservation, spent) {
      noted = settlementOf(reservation, spent);
    },
    async saving(save) {
      const settlement = noted;
      const saved = await save(settlement ?? [null, 0, 0]);
      if (noted === settlement) noted = undefined;
      warn(saved);
      return saved;
    },
  };
}

function settlementOf(reservation: string, { usd, tokens }: Amount): Settlement {
  return [reservation, usd, Math.ceil(tokens)];
}

const reserving = `
  WITH ${held}, locked AS (
    SELECT a.* FROM held JOIN workflow_executions e USING (id) CROSS JOIN LATERAL ${accountKeys}
      JOIN budget_accounts a USING (scope, owner, period) ${inOrder}
  ), judged AS (
    SELECT a.*, a.spent_usd + a.reserved_usd + $3::numeric > a.limit_usd + a.raised_usd
                OR a.spent_tokens + a.reserved_tokens + $4::bigint > a.limit_tokens AS is_full
      FROM locked a
  ), verdict AS (
    SELECT count(*) = ${budgetScopes.length} AND NOT bool_or(is_full) AS fits FROM judged
  ), taken AS (
    UPDATE budget_accounts a
       SET reserved_usd = a.reserved_usd + $3::numeric, reserved_tokens = a.reserved_tokens + $4::bigint
      FROM judged, verdict WHERE a.id = judged.id AND verdict.fits RETURNING a.id
  ), noted AS (
    INSERT INTO budget_reservations (id, execution_id, fence, accounts, usd, tokens)
    SELECT gen_random_uuid(), $1, $2, array_agg(id), $3::numeric, $4::bigint FROM taken HAVING count(*) > 0
    RETURNING id
  )
  SELECT (SELECT id FROM noted) AS reservation, (SELECT count(*)::int FROM judged) AS known, ${accountColumns}
    FROM verdict LEFT JOIN judged a ON a.is_full ORDER BY a.scope`;

/**
 * SQL for a statement that has `held`, as a part of its WITH: settles what three parameters hold, from this one on (see
 * `Settlement`). `warned` is what such a statement returns.
 */
export function settled(first: number): string {
  const [reservation, usd, tokens] = [`$${first}::uuid`, `$${first + 1}::numeric`, `$${first + 2}::bigint`];
  return `gone AS (
    DELETE FROM budget_reservations r USING held WHERE r.id = ${reservation} AND r.execution_id = held.id
    RETURNING r.accounts, r.usd, r.tokens
  ), locked AS (
    SELECT a.id, a.warned_at FROM gone JOIN budget_accounts a ON a.id = ANY(gone.accounts) ${inOrder}
  ), settled AS (
    UPDATE budget_accounts a
       SET spent_usd = a.spent_usd + ${usd}, reserved_usd = a.reserved_usd - gone.usd,
           spent_tokens = a.spent_tokens + ${tokens}, reserved_tokens = a.reserved_tokens - gone.tokens,
           warned_at = CASE WHEN a.spent_usd + ${usd} >= ${warnedFrom} * (a.limit_usd + a.raised_usd)
                              OR a.spent_tokens + ${tokens} >= ${warnedFrom} * a.limit_tokens
                            THEN coalesce(a.warned_at, now()) END
      FROM gone, locked WHERE a.id = locked.id
    RETURNING ${accountColumns}, locked.warned_at IS NULL AND a.warned_at IS NOT NULL AS warns
  )`;
}
export const warned = "(SELECT json_agg(settled) FROM settled WHERE warns) AS warned";

const settling = `WITH ${held}, ${settled(3)} SELECT ${warned} FROM held`;

/** Gives back what is reserved by calls that nobody will settle. */
async function giveBack(pool: Pool, which: string, values: unknown[] = []): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `WITH gone AS (
       DELETE FROM budget_reservations r USING workflow_executions e WHERE e.id = r.execution_id AND ${which}
       RETURNING r.accounts, r.usd, r.tokens
     ), due AS (
       SELECT account AS id, sum(usd) AS usd, sum(tokens) AS tokens FROM gone, unnest(accounts) AS account GROUP BY account
     ), locked AS (
       SELECT a.id, due.usd, due.tokens FROM due JOIN budget_accounts a USING (id) ${inOrder}
     ), returned AS (
       UPDATE budget_accounts a SET reserved_usd = a.reserved_usd - locked.usd, reserved_tokens = a.reserved_tokens - locked.tokens
         FROM locked WHERE a.id = locked.id
     )
     SELECT count(*)::int AS count FROM gone`,
    values,
  );
  return rows[0]?.count ?? 0;
}

/**
 * Gives back what dead workers have left reserved: another has claimed the execution since, or nobody has it. Such a
 * call may have been paid for; nobody knows how much.
 */
export function giveBackAbandoned(pool: Pool): Promise<number> {
  return giveBack(
    pool,
    `r.created_at < now() - interval '1 minute'
       AND (r.fence < e.fence OR e.lease_until IS NULL OR e.lease_until < now() - interval '1 minute')`,
  );
}
