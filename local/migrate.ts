// `npm run migrate` brings the database in DATABASE_URL up to date; `npm run migrate -- new NAME` writes a migration.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyMigrations, writeMigration } from "../prisma/migrate.ts";
import { messageOf } from "../shared/errors.ts";
import { startPostgres } from "./postgres.ts";

const [command, name = ""] = process.argv.slice(2);
try {
  console.log(await (command === "new" ? write(name) : apply()));
} catch (error) {
  console.error(`The migration did not work. ${messageOf(error)}`);
  process.exitCode = 1;
}

async function apply(): Promise<string> {
  const url = process.env.DATABASE_URL;
  if (command || !url)
    throw new Error("Expected DATABASE_URL in the environment and no argument, or `new NAME`.");
  const applied = await applyMigrations(url);
  return applied.length > 0 ? `Applied ${applied.join(", ")}.` : "The database is up to date.";
}

async function write(migration: string): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "afu9-migrate-"));
  const postgres = await startPostgres({ dataDir, persistent: false });
  try {
    return `Wrote ${await writeMigration(migration, postgres.url)}. Read it before you commit it.`;
  } finally {
    await postgres.stop();
  }
}
