// What a thousand executions that wait for an event cost the worker: memory, slots, processor time and queries.
import { setTimeout } from "node:timers/promises";
import { type Bench, until } from "./benchmark.ts";
import { type Figure, timeFigures } from "./figure.ts";
import { forgetReports } from "./forget-reports.ts";
import { openStage, type Stage } from "./stage.ts";
import { wake } from "./wake.ts";
import type { Usage, WorkerProcess } from "./worker-process.ts";

const source = `name: waiting
on: {}
steps:
  - { id: merged, wait: { event: pull_request.closed, match: { number: 7 } } }
`;

export async function waiting({ signal, isShort, report }: Bench): Promise<void> {
  const [count, warmUp, seconds, wakes] = isShort ? [50, 20, 5, 3] : [1000, 300, 20, 20];
  await using stage = await openStage({ backend: "postgres", signal });
  const first = await stage.startWorker();
  const without = await idle(stage, first, seconds, signal);

  // So that what the first ones load and compile does not count as what the others leave behind.
  for (const id of await letWait(stage, warmUp, signal)) await wake(stage, id);
  const heapBefore = await heapOf(stage, first, signal);
  const ids = await letWait(stage, count, signal);
  const heapAfter = await heapOf(stage, first, signal);
  const slots = await slotsInUse(stage);
  await first.close();

  // What a process has once had it does not give back to the machine: memory is compared between fresh ones.
  const second = await stage.startWorker();
  const beside = await idle(stage, second, seconds, signal);
  const name = `${count} waiting`;
  report(
    ...idleFigures(name, without, beside),
    {
      what: `${name}: what each leaves in the heap of the worker that ran it`,
      value: (heapAfter - heapBefore) / 1e3 / count,
      unit: "kB",
      atMost: 1,
    },
    { what: `${name}: slots in use`, value: slots, unit: "slots", atMost: 0 },
  );
  const times: number[] = [];
  for (const id of ids.slice(0, wakes)) {
    const askedAt = await wake(stage, id);
    const claimedAt = await until("a woken execution to be claimed", signal, () => second.claimed.get(id));
    times.push(claimedAt - askedAt);
  }
  report(...timeFigures(`${name}: from the event until the claim`, times, 1, 2));
}

async function heapOf(stage: Stage, worker: WorkerProcess, signal: AbortSignal): Promise<number> {
  await forgetReports(stage, signal);
  return (await settled(worker, signal)).heapUsed;
}

/** Starts executions that wait, and comes back when all do so. */
async function letWait(stage: Stage, count: number, signal: AbortSignal): Promise<string[]> {
  const ids = await stage.startMany(source, count, [...Array(stage.places).keys()]);
  const where = { id: { in: ids }, status: "waiting" } as const;
  const all = async () =>
    (await stage.db.prisma.workflowExecution.count({ where })) === count ? true : undefined;
  await until(`${count} executions to wait`, signal, all, 600);
  return ids;
}

type Memory = Pick<Usage, "rss" | "heapUsed">;
type Idle = Memory & { cpuPercent: number; transactions: number };

/** What the worker uses while it has nothing to do. Reports are none of this benchmark's business. */
async function idle(
  stage: Stage,
  worker: WorkerProcess,
  seconds: number,
  signal: AbortSignal,
): Promise<Idle> {
  await forgetReports(stage, signal);
  const { rss, heapUsed } = await settled(worker, signal);
  const start = await worker.usage();
  const transactions = await transactionsOf(stage);
  await setTimeout(seconds * 1000, undefined, { signal });
  const done = (await transactionsOf(stage)) - transactions;
  const end = await worker.usage();
  const cpuPercent = (end.cpuMs - start.cpuMs) / 10 / seconds;
  return { rss, heapUsed, cpuPercent, transactions: done / seconds };
}

/** The least of a few looks: a process gives memory back when it finds the time. */
async function settled(worker: WorkerProcess, signal: AbortSignal): Promise<Memory> {
  const looks: Memory[] = [];
  while (looks.length < 5) {
    looks.push(await worker.usage());
    await setTimeout(1_000, undefined, { signal });
  }
  return {
    rss: Math.min(...looks.map(({ rss }) => rss)),
    heapUsed: Math.min(...looks.map(({ heapUsed }) => heapUsed)),
  };
}

function idleFigures(name: string, without: Idle, beside: Idle): Figure[] {
  const compare = (what: string, unit: string, value: (idle: Idle) => number, most: number) => [
    { what: `none waiting: ${what}`, value: value(without), unit },
    { what: `${name}: ${what}`, value: value(beside), unit, atMost: value(without) + most },
  ];
  return [
    // Two fresh workers with nothing waiting differ by 15 MB; their heaps, after a collection, by a third of one.
    ...compare("resident memory of a fresh worker", "MB", ({ rss }) => rss / 1e6, 32),
    ...compare("heap of a fresh worker", "MB", ({ heapUsed }) => heapUsed / 1e6, 1),
    ...compare("processor time of a fresh worker", "% of one core", ({ cpuPercent }) => cpuPercent, 2),
    ...compare("transactions of a fresh worker", "a second", ({ transactions }) => transactions, 2),
  ];
}

async function transactionsOf({ db }: Stage): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    "SELECT (xact_commit + xact_rollback)::float AS count FROM pg_stat_database WHERE datname = current_database()",
  );
  return rows[0]?.count ?? Number.NaN;
}

async function slotsInUse({ db }: Stage): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM workflow_executions WHERE lease_until > now()",
  );
  return rows[0]?.count ?? Number.NaN;
}
