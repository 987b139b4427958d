// What happens beside the kills, as a list.
import type { Ground } from "./ground.ts";
import type { Herd } from "./keep-alive.ts";
import type { PointList } from "./point-list.ts";

export type Shaken = { ground: Ground; workers: Herd; points: PointList; leaseMs(): Promise<number> };

export type Disturbance = {
  name: string;
  /** Gives false when there was nothing to disturb. */
  run(shaken: Shaken): Promise<boolean>;
};

/** Where an execution got an answer that it writes down next, or acts on: a worker that stops there goes on with what it knew. */
const answered = /(tools\/call|messages|worker\/engine\/journal|worker\/agent\/transcript).* after$/;

/** The first takes the longest. */
export const disturbances: Disturbance[] = [
  {
    name: "a worker stopped for three lease times, then continued",
    run: ({ workers, points, leaseMs }) =>
      workers.stall(points.nextStop(answered), async () => 3 * (await leaseMs())),
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
