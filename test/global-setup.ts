// One PostgreSQL for the whole run, with one migrated template: each test file copies it in a moment.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../local/postgres.ts";
import { applyMigrations } from "../prisma/migrate.ts";
import { templateVariable } from "./database.ts";

export default async function globalSetup(): Promise<void> {
  const dataDir = join(await mkdtemp(join(tmpdir(), "afu9-test-postgres-")), "data");
  const postgres = await startPostgres({ dataDir, persistent: false });
  Object.assign(globalThis, { stopTestPostgres: () => postgres.stop() });
  await applyMigrations(postgres.url);
  process.env[templateVariable] = postgres.url;
}
