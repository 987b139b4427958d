// Keeps processes of one kind alive, each with a place where it is to end: whoever ends is replaced at once.
import { setTimeout } from "node:timers/promises";
import type { Supervised } from "../../local/supervise.ts";
import type { CrashAt } from "./crash-at.ts";
import { type Launched, launch, type Start } from "./launch.ts";
import type { PointList } from "./point-list.ts";

/** A process that was ended on purpose. Without a point it was at whatever it did just then. */
export type Kill = { writer: string; point: string | undefined; at: number };

export type KeepAliveOptions = {
  /** What the processes are called in the database, followed by a number. */
  kind: string;
  count: number;
  start: Start;
  points: PointList;
  /** Where the next process is to end. */
  nextCrash(): CrashAt;
  /** How long a process has to get to its place. Then it is ended where it is. */
  patienceMs: number;
  onUp?(process: Supervised & { url: string }): void;
};

export type Herd = {
  kills: Kill[];
  /** The last lines of those that ended and that nobody had ended. */
  ownEnds: string[];
  /** From now on whoever is replaced lives on. */
  spare(): void;
  /** Lets the next process stop at a point until `whileStopped` is over, and go on. Gives false when it did not get there. */
  stall(crash: CrashAt, whileStopped: WhileStopped): Promise<boolean>;
  close(): Promise<void>;
};

/** `writer` is the process that was stopped. */
type WhileStopped = (writer: string, signal: AbortSignal) => Promise<void>;
type Stall = { crash: CrashAt; whileStopped: WhileStopped; isDone(isStopped: boolean): void };

/** How long a process has to get to the point where it is to stop. */
const stopPatienceMs = 20_000;
/** How long a process that was stopped may go on, to show what it still does. */
const afterStopMs = 3_000;

export function keepAlive(options: KeepAliveOptions): Herd {
  const { kind, points, patienceMs } = options;
  const kills: Kill[] = [];
  const ownEnds: string[] = [];
  const living = new Set<Launched>();
  const stalls: Stall[] = [];
  const closing = new AbortController();
  let isSpared = false;
  let started = 0;

  async function bear(crash: CrashAt | undefined): Promise<Launched> {
    const writer = `${kind}-${++started}`;
    const one = await launch(options.start, { writer, crash, listen: points.listener() });
    if (!one.process) return one;
    living.add(one);
    options.onUp?.(one.process);
    return one;
  }
  async function kill(one: Launched): Promise<void> {
    kills.push({ writer: one.writer, point: undefined, at: Date.now() });
    one.signal("SIGKILL");
    await one.ended;
  }

  async function live(): Promise<void> {
    const crash = isSpared ? undefined : options.nextCrash();
    const one = await bear(crash);
    await Promise.race([one.struck, one.ended, wait(patienceMs, closing.signal)]);
    const isLate = living.has(one) && !one.crash() && !one.hasEnded() && !isSpared;
    if (closing.signal.aborted) await one.close();
    if (isLate && !closing.signal.aborted) {
      if (crash) points.missed(crash);
      await kill(one);
    }
    await one.ended;
    living.delete(one);
    const struck = one.crash();
    if (struck) kills.push({ writer: one.writer, point: struck.point, at: struck.at });
    else if (one.process && !isLate && !closing.signal.aborted) ownEnds.push(one.lastLines.join("\n"));
  }
  /** Stops a process at its point, and lets it go on when the time is over. */
  async function liveAndStop({ crash, whileStopped, isDone }: Stall): Promise<void> {
    const one = await bear(crash);
    await Promise.race([one.struck, one.ended, wait(stopPatienceMs, closing.signal)]);
    const isStopped = one.crash() !== undefined && !one.hasEnded();
    if (isStopped) {
      await whileStopped(one.writer, closing.signal);
      one.signal("SIGCONT");
      await Promise.race([one.ended, wait(afterStopMs, closing.signal)]);
    }
    if (!one.hasEnded()) await kill(one);
    living.delete(one);
    isDone(isStopped);
  }
  async function replace(): Promise<void> {
    while (!closing.signal.aborted) {
      const stall = stalls.shift();
      await (stall ? liveAndStop(stall) : live());
    }
  }
  const slots = Array.from({ length: options.count }, replace);

  return {
    kills,
    ownEnds,
    spare: () => {
      isSpared = true;
    },
    stall(crash, whileStopped) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      stalls.push({ crash, whileStopped, isDone: resolve });
      return promise;
    },
    async close() {
      closing.abort();
      for (const { isDone } of stalls.splice(0)) isDone(false);
      // One that is stopped hears of no other signal.
      for (const one of living) one.signal("SIGCONT");
      await Promise.all([...living].map((one) => one.close()));
      await Promise.all(slots);
    },
  };
}

/** Waits, but not longer than until the end of all. */
async function wait(ms: number, signal: AbortSignal): Promise<undefined> {
  await setTimeout(ms, undefined, { signal }).catch(() => {});
}
