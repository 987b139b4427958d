import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../local/postgres.ts";
import { applyMigrations } from "../prisma/migrate.ts";

export type BenchDatabase = AsyncDisposable & { url: string };

/** A PostgreSQL of its own that writes with care (`fsync`), as in production, and is removed at the end. */
export async function openDatabase(): Promise<BenchDatabase> {
  await using starting = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), "afu9-bench-postgres-"));
  starting.defer(async () => {
    // As root it may have become a link.
    await rm(await realpath(dataDir), { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  });
  const postgres = await startPostgres({ dataDir, persistent: true });
  starting.defer(postgres.stop);
  await applyMigrations(postgres.url);
  const running = starting.move();
  return { url: postgres.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
