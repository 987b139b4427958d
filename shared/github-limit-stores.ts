// Where the limits of GitHub's installations are kept: in the database, for all processes, or in this one alone.
import type { Pool } from "pg";
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
} from "rate-limiter-flexible";
import type { LimitStore } from "./github-budget.ts";
import type { Wait } from "./github-limits.ts";

/**
 * GitHub allows 80 pieces of content in a minute and 500 in an hour. A limiter counts from its first piece on, so that two
 * of its windows can meet: with windows of a sixth, no more than seven touch any minute or hour, wherever it begins.
 */
const burst = { keyPrefix: "burst", points: 11, duration: 10 };
const hour = { keyPrefix: "hour", points: 71, duration: 600 };

/** How old what was read may be: one small query for many requests. */
const freshMs = 500;

/** Shares the limits through the database, whose clock counts. */
export function createDatabaseLimits(pool: Pool): LimitStore {
  const table = { storeClient: pool, storeType: "pool", tableName: "github_content", tableCreated: true };
  const limiters = [
    new RateLimiterPostgres({ ...table, ...burst }),
    new RateLimiterPostgres({ ...table, ...hour }),
  ];
  const known = new Map<number, { readAt: number; waits: Promise<Ends> }>();
  // What this process was told holds for it also when it could not be written down.
  const told = createProcessLimits();

  async function read(installation: number): Promise<Ends> {
    const { rows } = await pool.query<{ resource: string; ms: number }>(
      `SELECT resource, (extract(epoch FROM until - now()) * 1000)::float8 AS ms
         FROM github_waits WHERE installation_id = $1 AND until > now()`,
      [installation],
    );
    return new Map(rows.map(({ resource, ms }) => [resource, performance.now() + ms]));
  }

  return {
    async waits(installation) {
      const last = known.get(installation);
      const isFresh = last && performance.now() - last.readAt < freshMs;
      const waits = isFresh ? last.waits : read(installation);
      if (!isFresh) known.set(installation, { readAt: performance.now(), waits });
      return longest(timesLeft(await waits), await told.waits(installation));
    },
    async remember(installation, wait) {
      const { resource, seconds } = wait;
      await told.remember(installation, wait);
      await pool.query(
        `INSERT INTO github_waits (installation_id, resource, until)
         VALUES ($1, $2, now() + make_interval(secs => $3))
         ON CONFLICT (installation_id, resource) DO UPDATE SET until = greatest(github_waits.until, excluded.until)`,
        [installation, resource, seconds],
      );
    },
    takeContent: (installation) => take(limiters, installation),
  };
}

/** Knows only what this process was told. */
export function createProcessLimits(): LimitStore {
  const limiters = [new RateLimiterMemory(burst), new RateLimiterMemory(hour)];
  const ends = new Map<number, Ends>();
  return {
    waits: async (installation) => timesLeft(ends.get(installation) ?? new Map()),
    async remember(installation, { resource, seconds }: Wait) {
      const until = performance.now() + seconds * 1_000;
      const known = ends.get(installation) ?? new Map();
      ends.set(installation, known.set(resource, Math.max(until, known.get(resource) ?? 0)));
    },
    takeContent: (installation) => take(limiters, installation),
  };
}

/** When each resource may be used again, by this process's steady clock. */
type Ends = Map<string, number>;

function timesLeft(ends: Ends): Map<string, number> {
  const left = [...ends].map(([resource, end]) => [resource, end - performance.now()] as const);
  return new Map(left.filter(([, ms]) => ms > 0));
}

function longest(some: Ends, others: Ends): Ends {
  const names = [...some.keys(), ...others.keys()];
  return new Map(names.map((name) => [name, Math.max(some.get(name) ?? 0, others.get(name) ?? 0)]));
}

/** Whoever is refused by one has taken from the one before: too few is the right side to err on. */
async function take(limiters: RateLimiterAbstract[], installation: number): Promise<number> {
  for (const limiter of limiters) {
    try {
      await limiter.consume(String(installation));
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      return Math.max(1, refused.msBeforeNext);
    }
  }
  return 0;
}
