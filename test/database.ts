import { randomBytes } from "node:crypto";
import pg from "pg";

/** Where `global-setup.ts` has put the migrated template. */
export const templateVariable = "AFU9_TEST_TEMPLATE_URL";

export type TestDatabase = { url: string; drop(): Promise<void> };

/** Makes a database of its own from the migrated template. */
export function createDatabase(): Promise<TestDatabase> {
  return copyDatabase(new URL(templateUrl()).pathname.slice(1));
}

/** Makes a database that has nothing in it, not even the migrations. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return copyDatabase("template0");
}

async function copyDatabase(template: string): Promise<TestDatabase> {
  const url = new URL(templateUrl());
  const name = `test_${randomBytes(6).toString("hex")}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  url.pathname = name;
  return { url: url.href, drop: () => asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

function templateUrl(): string {
  const url = process.env[templateVariable];
  if (url) return url;
  throw new Error(`Expected ${templateVariable} in the environment: run the tests with \`npm run jest\`.`);
}

async function asAdmin(sql: string): Promise<void> {
  const url = new URL(templateUrl());
  url.pathname = "postgres";
  const client = new pg.Client(url.href).on("error", () => {});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
