// What happens beside the kills, as a list.
import { setTimeout } from "node:timers/promises";
import type { Ground } from "./ground.ts";
import type { Herd } from "./keep-alive.ts";
import type { PointList } from "./point-list.ts";

export type Shaken = {
  ground: Ground;
  workers: Herd;
  points: PointList;
  leaseMs(): Promise<number>;
  /** Whether others have claimed all executions that this worker had. */
  isTakenOver(writer: string): Promise<boolean>;
};

export type Disturbance = {
  name: string;
  /** Gives false when there was nothing to disturb. */
  run(shaken: Shaken): Promise<boolean>;
};

/** Where an execution got an answer that it writes down next, or acts on: a worker that stops there goes on with what it knew. */
const answered = /(tools\/call|messages|worker\/engine\/journal|worker\/agent\/transcript).* after$/;

/** A worker that goes on before another one has what it had is not stale: nobody may have had a slot for it. */
const takeOverPatienceMs = 90_000;

/** The first takes the longest. */
export const disturbances: Disturbance[] = [
  {
    name: "a worker stopped for three lease times and until others had its executions, then continued",
    run: ({ workers, points, leaseMs, isTakenOver }) =>
      workers.stall(points.nextStop(answered), async (writer, signal) => {
        const end = Date.now() + takeOverPatienceMs;
        await setTimeout(3 * (await leaseMs()), undefined, { signal }).catch(() => {});
        while (!signal.aborted && Date.now() < end && !(await isTakenOver(writer)))
          await setTimeout(500, undefined, { signal }).catch(() => {});
      }),
  },
  {
    name: "PostgreSQL restarted (immediate)",
    async run({ ground }) {
      await ground.restartPostgres();
      return true;
    },
  },
  { name: "Redis restarted empty", run: ({ ground }) => done(ground.redis?.restart()) },
  { name: "FLUSHALL", run: ({ ground }) => done(ground.redis?.flush()) },
];

async function done(work: Promise<void> | undefined): Promise<boolean> {
  await work;
  return work !== undefined;
}
