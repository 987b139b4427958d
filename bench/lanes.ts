// Whether one installation's hundreds of executions keep another installation's single ones waiting.
import { setTimeout } from "node:timers/promises";
import { type Bench, backends, until } from "./benchmark.ts";
import { sleeping } from "./executions.ts";
import { timeFigures } from "./figure.ts";
import { openStage, type Stage } from "./stage.ts";

const busy = 0;
const quiet = 1;

export async function lanes({ signal, isShort, report }: Bench): Promise<void> {
  for (const backend of backends) {
    for (const workers of [1, 2]) {
      await using stage = await openStage({ backend, signal, places: 2 });
      const times = await measure(stage, { backlog: isShort ? 20 : 300, workers, signal });
      const on = workers === 1 ? "one worker" : `${workers} workers`;
      report(
        ...timeFigures(`${backend}, ${on}: from a quiet installation's row to its claim`, times, 0.99, 2),
      );
    }
  }
}

type Options = { backlog: number; workers: number; signal: AbortSignal };

/** As long as the backlog lasts, the quiet installation starts one execution after the other. */
async function measure(stage: Stage, { backlog, workers, signal }: Options): Promise<number[]> {
  for (let number = 0; number < backlog; number++) await stage.start(sleeping(1), busy);
  await Promise.all(Array.from({ length: workers }, () => stage.startWorker()));

  const started: string[] = [];
  while ((await dueOfBusy(stage)) > workers * 5) {
    const id = await stage.start(sleeping(1), quiet);
    started.push(id);
    await until("a quiet installation's execution to end", signal, async () => {
      const row = await stage.db.prisma.workflowExecution.findUniqueOrThrow({ where: { id } });
      return row.finishedAt ?? undefined;
    });
    await setTimeout(Math.random() * 500, undefined, { signal });
  }
  // The database's clock alone: when the row was written, and when it was first claimed.
  const { rows } = await stage.db.pool.query<{ delay: number }>(
    `SELECT extract(epoch FROM started_at - created_at)::float * 1000 AS delay
       FROM workflow_executions WHERE id = ANY($1)`,
    [started],
  );
  return rows.map(({ delay }) => delay);
}

async function dueOfBusy({ db }: Stage): Promise<number> {
  const { rows } = await db.pool.query<{ due: number }>(
    `SELECT count(*)::int AS due FROM workflow_executions
      WHERE started_at IS NULL AND installation_id = (SELECT installation_id FROM workflow_executions ORDER BY created_at LIMIT 1)`,
  );
  return rows[0]?.due ?? 0;
}
