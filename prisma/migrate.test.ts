import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { createDatabase, createEmptyDatabase } from "../test/database.ts";
import { applyMigrations, missingSql, readSchema } from "./migrate.ts";

let database: { url: string; drop(): Promise<void> };
let client: pg.Client;
beforeAll(async () => {
  database = await createDatabase();
  client = new pg.Client(database.url).on("error", () => {});
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

let empty: { url: string; drop(): Promise<void> } | undefined;
afterEach(async () => {
  await empty?.drop();
  empty = undefined;
});

async function countMigrations(): Promise<number> {
  const entries = await readdir(join(import.meta.dirname, "migrations"), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).length;
}

test("the schema and the migrations agree", async () => {
  expect(await missingSql(database.url)).toBe("");
});

test("a column that no migration makes is noticed", async () => {
  const schema = (await readSchema()).replace(
    "model Deployment {",
    "model Deployment {\n  forgotten String?",
  );
  expect(await missingSql(database.url, schema)).toContain(
    'ALTER TABLE "deployments" ADD COLUMN     "forgotten" TEXT',
  );
});

test("processes that start at the same time migrate one after the other, and a second time changes nothing", async () => {
  empty = await createEmptyDatabase();
  const { url } = empty;
  const applied = await Promise.all([applyMigrations(url), applyMigrations(url), applyMigrations(url)]);
  expect(applied.map(({ length }) => length).sort()).toEqual([0, 0, await countMigrations()]);
  expect(await applyMigrations(url)).toEqual([]);
  expect(await missingSql(url)).toBe("");
});

test("a step's row lands in the partition of its month, made three months ahead", async () => {
  const { rows: months } = await client.query<{ first: string; name: string }>(
    `SELECT month::date::text AS first, to_char(month, '"workflow_steps_y"YYYY"m"MM') AS name
       FROM generate_series(date_trunc('month', now() AT TIME ZONE 'UTC'), now() AT TIME ZONE 'UTC' + interval '3 months', interval '1 month') AS month`,
  );
  expect(months).toHaveLength(4);
  const outside = { first: "1999-01-01", name: "workflow_steps_default" };
  for (const { first, name } of [...months, outside]) {
    const { rows } = await client.query(
      `INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status)
       VALUES ($1, gen_random_uuid(), 'plan', 1, 0, 'running') RETURNING tableoid::regclass::text AS partition`,
      [first],
    );
    expect(rows).toEqual([{ partition: name }]);
  }
});

test.each([
  ["workflow_executions", "(status, started_at)"],
  ["mcp_tool_calls", "(execution_id, completed_at)"],
])("%s has the index on %s", async (table, columns) => {
  const { rows } = await client.query<{ indexdef: string }>(
    "SELECT indexdef FROM pg_indexes WHERE tablename = $1",
    [table],
  );
  expect(rows.filter(({ indexdef }) => indexdef.endsWith(columns))).toHaveLength(1);
});

test("an issue has one active execution at most; one that has ended does not count", async () => {
  await client.query(
    `INSERT INTO repositories (id, installation_id, owner, name, default_branch) VALUES (1, 1, 'acme', 'sample', 'main');
     INSERT INTO workflows (id, name, version, source) VALUES ('00000000-0000-4000-8000-000000000001', 'w', '1', '')`,
  );
  const insert = (delivery: string, status: string) =>
    client.query(
      `INSERT INTO workflow_executions (id, workflow_id, installation_id, repository_id, issue_number, delivery_id, trigger, status)
       VALUES (gen_random_uuid(), '00000000-0000-4000-8000-000000000001', 1, 1, 7, $1, '{}', $2)`,
      [delivery, status],
    );
  await insert("a", "succeeded");
  await insert("b", "running");
  await expect(insert("c", "queued")).rejects.toThrow("workflow_executions_one_active_per_issue");
  await expect(insert("b", "failed")).rejects.toThrow("workflow_executions_delivery_id_key");
});
