// What a run stands on and shakes: a PostgreSQL of its own, that keeps what it has committed when it crashes, and a Redis.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../../local/postgres.ts";
import { applyMigrations } from "../../prisma/migrate.ts";
import { startRedis, type TestRedis } from "../redis.ts";

export type Backend = "postgres" | "redis";

export type Ground = {
  databaseUrl: string;
  redisUrl: string | undefined;
  redis: TestRedis | undefined;
  /** As `pg_ctl stop -m immediate` and a start: who is connected is cut off. */
  restartPostgres(): Promise<void>;
  stop(): Promise<void>;
};

export async function startGround(backend: Backend): Promise<Ground> {
  const dataDir = await mkdtemp(join(tmpdir(), "afu9-faults-postgres-"));
  let postgres = await startPostgres({ dataDir, persistent: true });
  const { url } = postgres;
  const redis = backend === "redis" ? await startRedis() : undefined;
  let restarted = Promise.resolve();
  async function restart(): Promise<void> {
    await postgres.crash();
    postgres = await startPostgres({ dataDir, port: Number(new URL(url).port), persistent: true });
  }
  async function stop(): Promise<void> {
    await Promise.all([postgres.stop(), redis?.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  }
  try {
    await applyMigrations(url);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    databaseUrl: url,
    redisUrl: redis?.url,
    redis,
    restartPostgres() {
      // One after the other, when two are asked for.
      restarted = restarted.then(restart);
      return restarted;
    },
    stop,
  };
}
