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
