// Brings a database up to date with the schema. `npm run migrate` is in `local/migrate.ts`.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { ensurePartitions } from "./partitions.ts";
import { withSchemaEngine } from "./schema-engine.ts";

const folder = join(import.meta.dirname, "migrations");
const schemaFile = join(import.meta.dirname, "schema.prisma");

/** Any number will do, as long as every process takes the same. */
const lockKey = 9_009_001;
const filters = { externalTables: [], externalEnums: [] };

/**
 * Applies what is missing, and makes the partitions of this month and the next three. Processes that start at the same
 * time do so one after the other. The table `_prisma_migrations` is the ordinary one.
 */
export async function applyMigrations(databaseUrl: string): Promise<string[]> {
  // A connection that is lost shows in the next query; without a listener it would end the process.
  const client = new pg.Client(databaseUrl).on("error", () => {});
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [lockKey]);
    const migrationsList = await readMigrations();
    const applied = await withSchemaEngine(databaseUrl, await readSchema(), (engine) =>
      engine.applyMigrations({ migrationsList, filters }),
    );
    await ensurePartitions(client);
    return applied.appliedMigrationNames;
  } finally {
    // The lock goes with the connection.
    await client.end();
  }
}

/** The SQL that the database lacks to agree with a schema. Empty when they agree. */
export async function missingSql(databaseUrl: string, schema?: string): Promise<string> {
  const wanted = schema ?? (await readSchema());
  const files = [{ path: "schema.prisma", content: wanted }];
  const { stdout } = await withSchemaEngine(databaseUrl, wanted, (engine) =>
    engine.diff({
      from: { tag: "schemaDatasource", files, configDir: import.meta.dirname },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: null,
      filters,
    }),
  );
  const sql = (stdout ?? "").trim();
  return sql === "-- This is an empty migration." ? "" : sql;
}

/** Writes a migration that brings a database with all earlier ones to the schema. Gives its folder. */
export async function writeMigration(name: string, emptyDatabaseUrl: string): Promise<string> {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new Error(`Expected a name such as add_approvals, got "${name}".`);
  await applyMigrations(emptyDatabaseUrl);
  const sql = await missingSql(emptyDatabaseUrl);
  if (!sql) throw new Error("The schema and the migrations agree; there is nothing to write.");
  const stamp = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14);
  const target = join(folder, `${stamp}_${name}`);
  await mkdir(target);
  await writeFile(join(target, "migration.sql"), `${sql}\n`);
  return target;
}

export function readSchema(): Promise<string> {
  return readFile(schemaFile, "utf8");
}

async function readMigrations() {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const migrationDirectories = await Promise.all(
    names.sort().map(async (name) => {
      const content = await readFile(join(folder, name, "migration.sql"), "utf8");
      return {
        path: name,
        migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: content } },
      };
    }),
  );
  const lockfile = {
    path: "migration_lock.toml",
    content: await readFile(join(folder, "migration_lock.toml"), "utf8"),
  };
  return { baseDir: folder, lockfile, migrationDirectories, shadowDbInitScript: "" };
}
