import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { missingSql } from "./migrate.ts";
import { ensurePartitions } from "./partitions.ts";

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
