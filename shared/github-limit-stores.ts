// Where the limits of GitHub's installations are kept: in the database, for all processes, or in this one alone.
import type { Pool } from "pg";
import type { LimitStore } from "./github-budget.ts";
import type { Wait } from "./github-limits.ts";

/**
 * GitHub allows 80 pieces of content in a minute and 500 in an hour, whenever it begins. Less is taken: processes that
 * look at the same moment do not see each other, and a slot counts as a whole.
 */
const most = { minute: 70, hour: 480 };
const [minuteMs, hourMs, slotMs] = [60_000, 3_600_000, 10_000];

/** How old what was read may be: one small query for many requests. */
const freshMs = 500;

/** Shares the limits through the database, whose clock counts. */
export function createDatabaseLimits(pool: Pool): LimitStore {
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
    takeContent: (installation) => takeShared(pool, installation),
  };
}

/** Knows only what this process was told. */
export function createProcessLimits(): LimitStore {
  const created = new Map<number, number[]>();
  const ends = new Map<number, Ends>();
  return {
    waits: async (installation) => timesLeft(ends.get(installation) ?? new Map()),
    async remember(installation, { resource, seconds }: Wait) {
      const until = performance.now() + seconds * 1_000;
      const known = ends.get(installation) ?? new Map();
      ends.set(installation, known.set(resource, Math.max(until, known.get(resource) ?? 0)));
    },
    async takeContent(installation) {
      const now = performance.now();
      const times = (created.get(installation) ?? []).filter((time) => time > now - hourMs);
      created.set(installation, times);
      const lastMinute = times.filter((time) => time > now - minuteMs);
      if (times.length >= most.hour) return (times[0] ?? now) + hourMs - now;
      if (lastMinute.length >= most.minute) return (lastMinute[0] ?? now) + minuteMs - now;
      times.push(now);
      return 0;
    },
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

/** Gives 0 when it was taken, or how long it is until the oldest piece counts no longer. */
async function takeShared(pool: Pool, installation: number): Promise<number> {
  const { rows } = await pool.query<{ waitMs: number }>(
    `WITH slots AS (
       SELECT slot, count, slot > now() - make_interval(secs => $5::float8 + $4::float8) AS is_last_minute
         FROM github_content WHERE installation_id = $1 AND slot > now() - make_interval(secs => $6::float8 + $4::float8)
     ), used AS (
       SELECT coalesce(sum(count), 0) >= $3 AS is_hour_full, min(slot) AS first,
              coalesce(sum(count) FILTER (WHERE is_last_minute), 0) >= $2 AS is_minute_full,
              min(slot) FILTER (WHERE is_last_minute) AS first_of_minute
         FROM slots
     ), taken AS (
       INSERT INTO github_content (installation_id, slot, count)
       SELECT $1, date_bin(make_interval(secs => $4::float8), now(), 'epoch'), 1 FROM used
        WHERE NOT is_hour_full AND NOT is_minute_full
       ON CONFLICT (installation_id, slot) DO UPDATE SET count = github_content.count + 1
     ), dropped AS (
       DELETE FROM github_content WHERE installation_id = $1 AND slot < now() - make_interval(secs => 2 * $6::float8)
     )
     SELECT greatest(CASE WHEN is_hour_full THEN extract(epoch FROM first - now()) + $6::float8 + $4::float8
                          WHEN is_minute_full THEN extract(epoch FROM first_of_minute - now()) + $5::float8 + $4::float8
                          ELSE 0 END, 0)::float8 * 1000 AS "waitMs"
       FROM used`,
    [installation, most.minute, most.hour, slotMs / 1_000, minuteMs / 1_000, hourMs / 1_000],
  );
  return rows[0]?.waitMs ?? 0;
}
