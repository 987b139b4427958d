import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { messageOf } from "../../shared/errors.ts";
import { type Answer, fault, type Patient, well } from "./finding.ts";

export async function checkDatabase({ db, root }: Patient): Promise<Answer> {
  const { pool } = await db();
  const { rows } = await pool.query<{ name: string }>(
    "SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
  );
  const applied = new Set(rows.map(({ name }) => name));
  const entries = await readdir(join(root, "prisma/migrations"), { withFileTypes: true });
  const missing = entries.filter((entry) => entry.isDirectory() && !applied.has(entry.name));
  if (missing.length === 0) return well(`it answers, and has all ${applied.size} migrations`);
  return fault(
    `it lacks ${missing.length} of this version's migrations`,
    "npm run migrate makes them, and so does npm start.",
  );
}

export async function checkQueue({ env, db }: Patient): Promise<Answer> {
  if (!env.REDIS_URL) {
    await db();
    return well("on PostgreSQL");
  }
  const redis = new Redis(env.REDIS_URL, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Without a listener the error would be printed; it is thrown as well.
  redis.on("error", () => {});
  try {
    await redis.connect();
    await redis.ping();
    return well("on Redis, which answers");
  } catch (error) {
    return fault(
      `the Redis in REDIS_URL does not answer: ${messageOf(error)}`,
      "Start it, or correct REDIS_URL.",
    );
  } finally {
    redis.disconnect();
  }
}
