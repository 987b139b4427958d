import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { missingSql } from "./migrate.ts";
import { dropPartitions, ensurePartitions } from "./partitions.ts";

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  // `end` does not wait for the sockets, and dropping the database ends those that are still open.
  pool.on("error", () => {});
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

async function partitions(): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'workflow_steps'::regclass ORDER BY 1",
  );
  return rows.map(({ name }) => name);
}

test("processes that make partitions at the same time make each one once", async () => {
  const before = await partitions();
  await Promise.all([1, 2, 3].map(() => ensurePartitions(pool, { monthsAhead: 8 })));
  expect((await partitions()).length).toBe(before.length + 5);
  expect(await missingSql(database.url)).toBe("");
});

test("rows that were written before their month's partition was made move into it", async () => {
  const { rows } = await pool.query(
    `INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status)
     SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '9 months')::date, gen_random_uuid(), 'plan', 1, 0, 'running'
     RETURNING execution_id, tableoid::regclass::text AS partition`,
  );
  expect(rows[0].partition).toBe("workflow_steps_default");

  await ensurePartitions(pool, { monthsAhead: 9 });
  const { rows: moved } = await pool.query(
    "SELECT tableoid::regclass::text AS partition FROM workflow_steps WHERE execution_id = $1",
    [rows[0].execution_id],
  );
  expect(moved).toEqual([{ partition: (await partitions()).at(-1) }]);
});

test("past months whose executions have all ended long ago are dropped, those that hold another one stay", async () => {
  await pool.query(`
    CREATE TABLE workflow_steps_y2020m01 PARTITION OF workflow_steps FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
    CREATE TABLE workflow_steps_y2020m02 PARTITION OF workflow_steps FOR VALUES FROM ('2020-02-01') TO ('2020-03-01');
    INSERT INTO repositories (id, installation_id, owner, name, default_branch) VALUES (1, 1, 'acme', 'sample', 'main');
    INSERT INTO workflows (id, name, version, source) VALUES (gen_random_uuid(), 'w', '1', '');
    INSERT INTO workflow_executions (id, workflow_id, installation_id, repository_id, issue_number, delivery_id, trigger, created_at, status, finished_at)
      SELECT gen_random_uuid(), id, 1, 1, 1, 'ended', '{}'::jsonb, '2020-01-31T23:59:59Z'::timestamptz, 'failed'::execution_status, now() - interval '91 days' FROM workflows
      UNION ALL SELECT gen_random_uuid(), id, 1, 1, 2, 'waiting', '{}', '2020-02-01T00:00:00Z', 'waiting', NULL FROM workflows`);
  const before = await partitions();
  expect(await dropPartitions(pool, { endedForDays: 92 })).toEqual([]);
  expect(await dropPartitions(pool, { endedForDays: 90 })).toEqual(["workflow_steps_y2020m01"]);
  expect(await partitions()).toEqual(before.filter((name) => name !== "workflow_steps_y2020m01"));
});
