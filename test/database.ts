import { randomBytes } from "node:crypto";
import pg from "pg";

/** Where `global-setup.ts` has put the migrated template. */
export const templateVariable = "AFU9_TEST_TEMPLATE_URL";

/** Makes a database of its own from the migrated template. */
export async function createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const template = process.env[templateVariable];
  if (!template)
    throw new Error(`Expected ${templateVariable} in the environment: run the tests with \`npm run jest\`.`);
  const url = new URL(template);
  const name = `test_${randomBytes(6).toString("hex")}`;
  await asAdmin(template, `CREATE DATABASE ${name} TEMPLATE ${url.pathname.slice(1)}`);
  url.pathname = name;
  return { url: url.href, drop: () => asAdmin(template, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Makes an empty database, without the template. */
export async function createEmptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const { url, drop } = await createDatabase();
  const client = new pg.Client(url);
  await client.connect();
  await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  await client.end();
  return { url, drop };
}

async function asAdmin(template: string, sql: string): Promise<void> {
  const url = new URL(template);
  url.pathname = "postgres";
  const client = new pg.Client(url.href);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
