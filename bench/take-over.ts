// How soon another worker goes on with what a dead one, or one that is stopped, has left.
import { setTimeout } from "node:timers/promises";
import { type Backend, type Bench, backends, until } from "./benchmark.ts";
import { sleeping } from "./executions.ts";
import { timeFigures } from "./figure.ts";
import { openStage, type Stage } from "./stage.ts";
import type { WorkerProcess } from "./worker-process.ts";

const rounds = { full: 8, short: 1 };
const atMost: Record<Backend, number> = { redis: 6, postgres: 9 };

export async function takeOver({ signal, isShort, report }: Bench): Promise<void> {
  for (const backend of backends) {
    await using stage = await openStage({ backend, signal });
    const { killed, stopped, ends } = await measure(stage, isShort ? rounds.short : rounds.full, signal);
    report(
      ...timeFigures(`${backend}: kill -9 until another worker's claim`, killed, 0.99, atMost[backend]),
      ...timeFigures(`${backend}: SIGTERM until another worker's claim`, stopped, 0.99, 2),
      ...timeFigures(`${backend}: SIGTERM until the worker has ended`, ends, 1, 10),
    );
  }
}

/** Workers come and go: each takes over what the one before it held, and is killed or stopped in its turn. */
async function measure(stage: Stage, count: number, signal: AbortSignal) {
  let holder = await stage.startWorker();
  const held: string[] = [];
  for (let place = 0; place < stage.places; place++) held.push(await stage.start(sleeping(3600), place));
  await holds(holder, held, signal);

  const times = { killed: [] as number[], stopped: [] as number[], ends: [] as number[] };
  for (let round = 0; round < count; round++) {
    for (const how of ["SIGKILL", "SIGTERM"] as const) {
      const next = await stage.startWorker();
      // Leases and locks are renewed every so often: whoever dies does so at any time in between.
      await setTimeout(1_000 + Math.random() * 2_500, undefined, { signal });
      const endedAt = holder.send(how);
      await holds(next, held, signal);
      const delays = held.map((id) => (next.claimed.get(id) ?? Number.NaN) - endedAt);
      times[how === "SIGKILL" ? "killed" : "stopped"].push(...delays);
      const goneAt = await holder.ended;
      if (how === "SIGTERM") times.ends.push(goneAt - endedAt);
      holder = next;
    }
  }
  return times;
}

function holds(worker: WorkerProcess, ids: string[], signal: AbortSignal): Promise<true> {
  return until(`a worker to claim ${ids.length} executions`, signal, () =>
    ids.every((id) => worker.claimed.has(id)) ? true : undefined,
  );
}
