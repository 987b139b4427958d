import { setTimeout } from "node:timers/promises";
import type { Pool } from "pg";

const askAgainMs = 250;

/**
 * Does something while nobody else does it under the same name, in this process or another. Gives false, and does nothing,
 * when somebody does so for longer than `waitMs`. PostgreSQL frees the lock when the connection ends, so that a process
 * which dies holds it no longer. All locks of a pool are held on one of its connections, however many they are and
 * whichever is taken inside another: with one each, those who hold a lock would wait for those who want a second.
 */
export async function withLock(
  pool: Pool,
  name: string,
  work: () => Promise<void>,
  waitMs = 0,
): Promise<boolean> {
  const end = performance.now() + waitMs;
  while (!(await tryWithLock(pool, name, work))) {
    if (performance.now() >= end) return false;
    await setTimeout(askAgainMs);
  }
  return true;
}

async function tryWithLock(pool: Pool, name: string, work: () => Promise<void>): Promise<boolean> {
  const session = sessionOf(pool);
  // To PostgreSQL whoever has the same connection is the same holder.
  if (session.names.has(name)) return false;
  session.names.add(name);
  try {
    const isLocked = await session.ask(
      `SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS "isDone"`,
      name,
    );
    if (!isLocked) return false;
    try {
      await work();
    } finally {
      await session.ask(`SELECT pg_advisory_unlock(hashtextextended($1, 0)) AS "isDone"`, name);
    }
    return true;
  } finally {
    session.names.delete(name);
    if (session.names.size === 0) session.end();
  }
}

/** The names that are locked on one connection. */
type Session = {
  names: Set<string>;
  /** Runs a statement with a name on the connection, one after the other. */
  ask(sql: string, name: string): Promise<boolean>;
  /** Gives the pool its connection back. */
  end(): void;
};

const sessions = new WeakMap<Pool, Session>();

/** The session that has the pool's locks. One whose connection is lost takes no more of them. */
function sessionOf(pool: Pool): Session {
  const open = sessions.get(pool);
  if (open) return open;
  const session = openSession(pool, () => {
    if (sessions.get(pool) === session) sessions.delete(pool);
  });
  sessions.set(pool, session);
  return session;
}

function openSession(pool: Pool, onEnd: () => void): Session {
  const client = pool.connect();
  let last: Promise<unknown> = client.then((client) => client.on("error", onEnd));
  return {
    names: new Set(),
    ask(sql, name) {
      const answer = last.then(async () => {
        const { rows } = await (await client).query<{ isDone: boolean }>(sql, [name]);
        return rows[0]?.isDone ?? false;
      });
      last = answer.catch(() => {});
      return answer;
    },
    end() {
      onEnd();
      client.then((client) => client.off("error", onEnd).release()).catch(() => {});
    },
  };
}
