import { setTimeout } from "node:timers/promises";
import type { Pool } from "pg";

const askAgainMs = 250;

/**
 * Does something while no other process does it under the same name. Gives false, and does nothing, when one does so for
 * longer than `waitMs`. PostgreSQL frees the lock when the connection ends, so that a process which dies holds it no longer.
 */
export async function withLock(
  pool: Pool,
  name: string,
  work: () => Promise<void>,
  waitMs = 0,
): Promise<boolean> {
  const end = performance.now() + waitMs;
  // Who waits holds no connection: those who work may need it.
  while (!(await tryWithLock(pool, name, work))) {
    if (performance.now() >= end) return false;
    await setTimeout(askAgainMs);
  }
  return true;
}

async function tryWithLock(pool: Pool, name: string, work: () => Promise<void>): Promise<boolean> {
  const client = await pool.connect();
  // Without a listener, a connection that is lost while nothing is asked of it would end the process.
  const ignore = () => {};
  client.on("error", ignore);
  try {
    const { rows } = await client.query<{ isLocked: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS "isLocked"`,
      [name],
    );
    if (!rows[0]?.isLocked) return false;
    try {
      await work();
    } finally {
      await client.query("SELECT pg_advisory_unlock(hashtextextended($1, 0))", [name]);
    }
    return true;
  } finally {
    client.off("error", ignore);
    client.release();
  }
}
