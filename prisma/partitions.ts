import type { ClientBase, Pool } from "pg";

/**
 * Makes the partitions of `workflow_steps` for this month and the months ahead, named like
 * `workflow_steps_y2026m11`. Those that are there stay. The default partition takes what lies outside; its rows
 * move when their month's partition is made, which would be refused otherwise.
 */
export async function ensurePartitions(db: Pool | ClientBase, { monthsAhead = 3 } = {}): Promise<void> {
  // One statement is one transaction. `month` is what the database says it is, as everywhere.
  await db.query(`DO $$
    DECLARE
      month date;
      partition text;
    BEGIN
      FOR month IN SELECT generate_series(date_trunc('month', now() AT TIME ZONE 'UTC'),
          now() AT TIME ZONE 'UTC' + interval '${Math.trunc(monthsAhead)} months', interval '1 month') LOOP
        partition := to_char(month, '"workflow_steps_y"YYYY"m"MM');
        CONTINUE WHEN to_regclass(partition) IS NOT NULL;
        -- Also keeps another process from making the same partition.
        LOCK TABLE workflow_steps_default IN ACCESS EXCLUSIVE MODE;
        CONTINUE WHEN to_regclass(partition) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE workflow_steps INCLUDING ALL)', partition);
        EXECUTE format(
          'WITH moved AS (DELETE FROM workflow_steps_default WHERE execution_month >= %L AND execution_month < %L RETURNING *)
           INSERT INTO %I SELECT * FROM moved', month, month + interval '1 month', partition);
        EXECUTE format('ALTER TABLE workflow_steps ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
          partition, month, (month + interval '1 month')::date);
      END LOOP;
    END $$`);
}

/**
 * Drops the partitions of past months whose executions have all ended so many days ago or more, and gives their names. That
 * keeps everybody from `workflow_steps` for an instant; when it would have to wait for more than two seconds it throws,
 * and can be done later.
 */
export async function dropPartitions(
  db: Pool | ClientBase,
  { endedForDays }: { endedForDays: number },
): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT name FROM (
       SELECT relname AS name, to_date(relname, '"workflow_steps_y"YYYY"m"MM')::timestamp AT TIME ZONE 'UTC' AS month
         FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'workflow_steps'::regclass AND relname ~ '^workflow_steps_y[0-9]{4}m[0-9]{2}$'
     ) partition
     WHERE month + interval '1 month' < now() - make_interval(days => $1)
       AND NOT EXISTS (
         SELECT FROM workflow_executions
          WHERE created_at >= month AND created_at < month + interval '1 month'
            AND (finished_at IS NULL OR finished_at >= now() - make_interval(days => $1)))
     ORDER BY name`,
    [endedForDays],
  );
  for (const { name } of rows) {
    // One statement is one transaction.
    await db.query(`DO $$ BEGIN
      PERFORM set_config('lock_timeout', '2s', true);
      DROP TABLE IF EXISTS ${name};
    END $$`);
  }
  return rows.map(({ name }) => name);
}
