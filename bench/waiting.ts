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
  const backend = "postgres";
  const [count, warmUp, seconds, wakes] = isShort ? [50, 20, 5, 3] : [1000, 300, 20, 20];
  await using stage = await openStage({ backend, signal });
  const worker = await stage.startWorker();

  // So that what the first ones load and compile counts as what the worker has anyway.
  const first = await letWait(stage, warmUp, signal);
  for (const id of first) await wake(stage, id);
  await statusOf(stage, first, "succeeded", signal);
  const before = await idle(stage, worker, seconds, signal);
  const ids = await letWait(stage, count, signal);
  const after = await idle(stage, worker, seconds, signal);

  const name = `${count} waiting`;
  report(
    {
      what: `${name}: growth of the worker's memory in all`,
      value: (after.rss - before.rss) / 1e6,
      unit: "MB",
      atMost: 10,
    },
    {
      what: `${name}: growth of its heap for each`,
      value: (after.heapUsed - before.heapUsed) / 1e3 / count,
      unit: "kB",
    },
    { what: `${name}: slots in use`, value: await slotsInUse(stage), unit: "slots", atMost: 0 },
    ...idleFigures(name, before, after),
  );
  const times: number[] = [];
  for (const id of ids.slice(0, wakes)) {
    const askedAt = await wake(stage, id);
    const claimedAt = await until("a woken execution to be claimed", signal, () => {
      const at = worker.claimed.get(id) ?? 0;
      return at >= askedAt ? at : undefined;
    });
    times.push(claimedAt - askedAt);
  }
  report(...timeFigures(`${name}: from the event until the claim`, times, 1, 2));
}

/** Starts executions that wait, and comes back when all do so. */
async function letWait(stage: Stage, count: number, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number++) {
    signal.throwIfAborted();
    ids.push(await stage.start(source, number % stage.places));
  }
  await statusOf(stage, ids, "waiting", signal);
  return ids;
}

async function statusOf(stage: Stage, ids: string[], status: "waiting" | "succeeded", signal: AbortSignal) {
  await until(
    `${ids.length} executions to be ${status}`,
    signal,
    async () => {
      const where = { id: { in: ids }, status };
      return (await stage.db.prisma.workflowExecution.count({ where })) === ids.length ? true : undefined;
    },
    600,
  );
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

function idleFigures(name: string, before: Idle, after: Idle): Figure[] {
  const cpu = { what: "processor time of the idle worker", unit: "% of one core" };
  const queries = { what: "transactions of the idle worker", unit: "a second" };
  return [
    { ...cpu, what: `none waiting: ${cpu.what}`, value: before.cpuPercent },
    { ...cpu, what: `${name}: ${cpu.what}`, value: after.cpuPercent, atMost: before.cpuPercent + 2 },
    { ...queries, what: `none waiting: ${queries.what}`, value: before.transactions },
    {
      ...queries,
      what: `${name}: ${queries.what}`,
      value: after.transactions,
      atMost: before.transactions + 2,
    },
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
