// Which await points there are, as the processes tell, and at which of them a process was ended.
import type { CrashAt, Said } from "./crash-at.ts";
import type { Random } from "./random.ts";

type Point = {
  kills: number;
  /** How often a process was to end at this one or another, and got to none of them. */
  missed: number;
};

export type PointList = {
  /** Takes what a process says; what it says before it is up is no part of an execution. */
  listener(): (said: Said) => void;
  /** Where the next process is to end: at one of the points that were tried least, and at any while none is known. */
  next(only?: RegExp): CrashAt;
  /** Where a process is to stop. */
  nextStop(only: RegExp): CrashAt;
  /** A process got to none of its points. */
  missed(crash: CrashAt): void;
  tally(): { known: number; hit: number; spared: string[] };
};

const up = ["ready", "listening"];
/** Of the points, the share that a process is to end at: few enough to get to each, enough that it does not live long. */
const share = 1 / 3;
/** An execution passes some 150 points, and before the first of them a process passes some. */
const firstSkipped = [20, 120] as const;

const mostSkippedToStop = 10;

/** `mostSkipped` of its points a process passes before it ends: the more, the more work is done between the kills. */
export function createPointList(random: Random, mostSkipped: number): PointList {
  const points = new Map<string, Point>();

  return {
    listener() {
      let isUp = false;
      return (said) => {
        isUp ||= up.includes(said.message);
        if (!isUp || said.message === "ready" || said.message === "listening") return;
        const point = points.get(said.point) ?? { kills: 0, missed: 0 };
        points.set(said.point, point);
        if (said.message === "crash" && said.signal === "SIGKILL") point.kills += 1;
      };
    },
    next(only = /./) {
      const all = random.shuffled([...points].filter(([name]) => only.test(name)));
      const byTries = all.sort(([, a], [, b]) => a.kills + a.missed - (b.kills + b.missed));
      // Towards the end some workers go for what is left: a point that an execution passes once.
      const left = all.filter(([, { kills }]) => kills === 0).map(([name]) => name);
      if (left.length > 0 && left.length <= all.length * share && random.number() < 0.5)
        return { points: left, skip: 0, signal: "SIGKILL" };
      const chosen = byTries.slice(0, Math.ceil(all.length * share)).map(([name]) => name);
      if (chosen.length > 0)
        return { points: chosen, skip: random.integer(0, mostSkipped), signal: "SIGKILL" };
      return { points: { like: only.source }, skip: random.integer(...firstSkipped), signal: "SIGKILL" };
    },
    nextStop: (only) => ({
      points: { like: only.source },
      skip: random.integer(0, mostSkippedToStop),
      signal: "SIGSTOP",
    }),
    missed(crash) {
      for (const name of Array.isArray(crash.points) ? crash.points : []) {
        const point = points.get(name);
        if (point) point.missed += 1;
      }
    },
    tally() {
      const spared = [...points].filter(([, { kills }]) => kills === 0).map(([name]) => name);
      return { known: points.size, hit: points.size - spared.length, spared };
    },
  };
}
