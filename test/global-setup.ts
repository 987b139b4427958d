// One PostgreSQL for the whole run, with one migrated template, and one repository: each test file copies them in a moment.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSource, sourceVariable } from "../local/github/testing/source-repository.ts";
import { startPostgres } from "../local/postgres.ts";
import { applyMigrations } from "../prisma/migrate.ts";
import { templateVariable } from "./database.ts";

export default async function globalSetup(): Promise<void> {
  // Node's own place for compiled code: the many processes of the flows are up in half the time.
  process.env.NODE_COMPILE_CACHE = await mkdtemp(join(tmpdir(), "afu9-test-compiled-"));
  const source = await mkdtemp(join(tmpdir(), "afu9-test-source-"));
  process.env[sourceVariable] = await createSource(source);
  const dataDir = await mkdtemp(join(tmpdir(), "afu9-test-postgres-"));
  const postgres = await startPostgres({ dataDir, persistent: false });
  Object.assign(globalThis, { stopTestPostgres: postgres.stop });
  try {
    await applyMigrations(postgres.url);
  } catch (error) {
    // After a failed setup jest does not tear down.
    await postgres.stop();
    throw error;
  }
  process.env[templateVariable] = postgres.url;
}
