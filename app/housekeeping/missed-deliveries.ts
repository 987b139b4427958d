// GitHub sends each webhook once. What came while the app was away, or got an error for an answer, is asked for again.
import type { Database } from "../../shared/db.ts";
import type { GitHubApp } from "../../shared/github.ts";
import type { Chore } from "../../shared/housekeeping.ts";
import type { Logger } from "../../shared/logger.ts";
import { listSent, type SentDelivery, sendAgain } from "./sent-deliveries.ts";

type Deps = {
  db: Database;
  github: Pick<GitHubApp, "asApp">;
  log: Logger;
  /** The time, in milliseconds. For tests. */
  clock?: () => number;
};

const minute = 60_000;
/** GitHub keeps its list for so long. */
const kept = 3 * 24 * 60 * minute;
/** A delivery appears in the list when it was answered, at the latest after ten seconds, at the time of its beginning. */
const overlap = minute;
/** How long after an attempt the next one is made: after the first at once, after the seventh never. */
const waits = [0, 5, 20, 80, 320, 1_280].map((minutes) => minutes * minute);
/** GitHub wants a second between two of them, so that these fit between two turns. */
const mostAtOnce = 200;

/** The work of the chore. What a turn has settled the next one need not read again, so the list is read to there. */
export function createMissedDeliveries({ db, github, log, clock = Date.now }: Deps): Chore["work"] {
  let settledUntil = new Date(0);

  return async (signal) => {
    const now = clock();
    const after = new Date(Math.max(settledUntil.getTime() - overlap, now - kept));
    const sent = await listSent(github.asApp, after, signal);
    const missed = (await withoutStored(db, sent)).filter((one) => !one.hasArrived);
    const open = missed.filter((one) => one.attempts <= waits.length).reverse();
    const due = open.filter((one) => now - one.lastAttempt.at.getTime() >= waitAfter(one.attempts));
    for (const { guid, event, attempts, lastAttempt } of due.slice(0, mostAtOnce)) {
      if (signal.aborted) return;
      await sendAgain(github.asApp, lastAttempt.id);
      log.info({ delivery: guid, event, attempt: attempts + 1 }, "missed delivery asked for again");
    }
    settledUntil = new Date(Math.min(now, ...open.map((one) => one.firstAttemptAt.getTime())));
  };
}

function waitAfter(attempts: number): number {
  return waits[attempts - 1] ?? Number.POSITIVE_INFINITY;
}

async function withoutStored({ pool }: Database, sent: SentDelivery[]): Promise<SentDelivery[]> {
  const { rows } = await pool.query<{ id: string }>("SELECT id FROM webhook_deliveries WHERE id = ANY($1)", [
    sent.map(({ guid }) => guid),
  ]);
  const stored = new Set(rows.map(({ id }) => id));
  return sent.filter(({ guid }) => !stored.has(guid));
}
