import type { ClientBase, Pool } from "pg";

/**
 * Makes the partitions of `workflow_steps` for this month and the months ahead, named like
 * `workflow_steps_y2026m11`. Those that are there stay. The default partition takes what lies outside.
 */
export async function ensurePartitions(db: Pool | ClientBase, { monthsAhead = 3 } = {}): Promise<void> {
  const { rows } = await db.query<{ name: string; first: string; next: string }>(
    `SELECT to_char(month, '"workflow_steps_y"YYYY"m"MM') AS name, month::date::text AS first,
            (month + interval '1 month')::date::text AS next
       FROM generate_series(date_trunc('month', now() AT TIME ZONE 'UTC'),
                            date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => $1), interval '1 month') AS month`,
    [monthsAhead],
  );
  for (const { name, first, next } of rows) {
    await db.query(
      `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF workflow_steps FOR VALUES FROM ('${first}') TO ('${next}')`,
    );
  }
}
