// What processes say of themselves, every few seconds: the set-up and `doctor` read that somebody is at work, and what it lacks.
import { hostname } from "node:os";
import type { Database } from "./db.ts";
import { messageOf } from "./errors.ts";
import type { Logger } from "./logger.ts";

const everyMs = 5_000;
/** Who has not been heard of for so long is thought to be away. */
const awayAfterMs = 20_000;

export type Facts = Record<string, unknown>;
export type Heartbeat = { instance: string; facts: Facts; startedAt: Date };
type Beating = { db: Database; service: string; facts(): Promise<Facts>; log: Logger };

/** Writes the facts now and every few seconds. `stop` takes the row away. */
export function keepBeating({ db, service, facts, log }: Beating): { stop(): Promise<void> } {
  const instance = `${hostname()}:${process.pid}`;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  async function beat(): Promise<void> {
    try {
      const told = await facts();
      if (!isStopped) await write(db, { service, instance, facts: told });
    } catch (error) {
      log.warn({ error: messageOf(error) }, "heartbeat not written");
    }
    if (!isStopped) timer = setTimeout(() => void beat(), everyMs).unref();
  }
  void beat();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await db.pool
        .query("DELETE FROM heartbeats WHERE service = $1 AND instance = $2", [service, instance])
        .catch((error: unknown) => log.warn({ error: messageOf(error) }, "heartbeat not taken away"));
    },
  };
}

/** The instances of a service that were heard of lately. The time is the database's. */
export async function readHeartbeats({ pool }: Database, service: string): Promise<Heartbeat[]> {
  const { rows } = await pool.query<Heartbeat>(
    `SELECT instance, facts, started_at AS "startedAt" FROM heartbeats
     WHERE service = $1 AND beat_at > clock_timestamp() - $2 * interval '1 millisecond' ORDER BY started_at`,
    [service, awayAfterMs],
  );
  return rows;
}

type Beat = { service: string; instance: string; facts: Facts };

async function write({ pool }: Database, { service, instance, facts }: Beat): Promise<void> {
  await pool.query(
    `INSERT INTO heartbeats (service, instance, facts, beat_at) VALUES ($1, $2, $3, clock_timestamp())
     ON CONFLICT (service, instance) DO UPDATE SET facts = excluded.facts, beat_at = excluded.beat_at`,
    [service, instance, facts],
  );
  // Of those that died without a word.
  await pool.query("DELETE FROM heartbeats WHERE beat_at < clock_timestamp() - interval '1 day'");
}
