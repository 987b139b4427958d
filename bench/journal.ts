// What a step's rows cost, against the floor: one bare prepared INSERT of the same row into a plain table.
import { connectDatabase, type Database } from "../shared/db.ts";
import { createLogger } from "../shared/logger.ts";
import { createQueues, type Queues } from "../shared/queue.ts";
import { type Claim, claimDue } from "../worker/engine/claim.ts";
import { type Journal, openJournal } from "../worker/engine/journal.ts";
import type { Bench } from "./benchmark.ts";
import { openDatabase } from "./database.ts";
import { sleeping, start } from "./executions.ts";
import { quantile } from "./figure.ts";

/** As many steps as a workflow has. */
const stepsOfOne = 10;
const place = { installation: 1, repository: { id: 1, owner: "acme", name: "sample" } };
/** What a step might give: an issue. */
const output = {
  number: 7,
  title: "Negative durations come out too small",
  body: "A sentence of an issue. ".repeat(25),
  labels: ["bug", "afu9"],
};

export async function journal({ signal, isShort, report }: Bench): Promise<void> {
  await using database = await openDatabase();
  await using stack = new AsyncDisposableStack();
  const db = connectDatabase(database.url, { max: 5 });
  stack.defer(db.close);
  const queues = createQueues({ databaseUrl: database.url, log: createLogger("bench", "silent") });
  stack.defer(queues.close);
  await db.pool.query("CREATE TABLE bare_steps (LIKE workflow_steps INCLUDING ALL)");

  const times = { bare: [], look: [], begin: [], finish: [], prisma: [] } as Record<Write, number[]>;
  const warmUp = 2;
  const executions = (isShort ? 3 : 40) + warmUp;
  for (let number = 1; number <= executions; number++) {
    signal.throwIfAborted();
    for (const [write, took] of await measureOne({ db, queues }, number))
      if (number > warmUp) times[write].push(took);
  }

  const median = (write: Write) => quantile(times[write], 0.5);
  const ratio = (...writes: Write[]) =>
    writes.reduce((sum, write) => sum + median(write), 0) / median("bare");
  const unit = "× one bare insert";
  report(
    { what: `one bare insert, median of ${times.bare.length}`, value: median("bare"), unit: "ms" },
    { what: "a step that only looks (finish)", value: ratio("look"), unit, atMost: 1.5 },
    { what: "the beginning of a step with an effect (begin)", value: ratio("begin"), unit },
    { what: "its end (finish)", value: ratio("finish"), unit },
    { what: "a step with an effect (begin and finish)", value: ratio("begin", "finish"), unit },
    { what: "for comparison, the same row by Prisma's create", value: ratio("prisma"), unit },
  );
}

type Write = "bare" | "look" | "begin" | "finish" | "prisma";

/** Writes the steps of one execution in each of the ways, in turns, so that none has a better disk than the others. */
async function measureOne(
  deps: { db: Database; queues: Queues },
  number: number,
): Promise<[Write, number][]> {
  const { db } = deps;
  const claim = await claimDue(db.pool, { id: await start(sleeping(1), place, number, deps) });
  if (!claim) throw new Error("Expected a claim of the execution that has just begun.");
  const steps = openJournal(db.pool, claim, { onChange() {} });
  const month = new Date();
  month.setUTCDate(1);
  const measured: [Write, number][] = [];
  for (let position = 0; position < stepsOfOne; position++) {
    const writes = waysToWrite({ db, claim, steps, month, position });
    for (let turn = 0; turn < writes.length; turn++) {
      const way = writes[(turn + position) % writes.length] ?? [];
      for (const [write, work] of way) {
        const startedAt = performance.now();
        await work();
        measured.push([write, performance.now() - startedAt]);
      }
    }
  }
  return measured;
}

type Way = [Write, () => Promise<unknown>][];
type Place = { db: Database; claim: Claim; steps: Journal; month: Date; position: number };

function waysToWrite({ db, claim, steps, month, position }: Place): Way[] {
  const step = (kind: string) => ({ id: `${kind}-${position}`, position, attempt: 1 });
  const outcome = { status: "succeeded", output } as const;
  return [
    [["bare", () => insertBare({ db, claim, month, position })]],
    [["look", () => steps.finish(step("look"), outcome, 20)]],
    [
      ["begin", () => steps.begin(step("change"), { number: 7 })],
      ["finish", () => steps.finish(step("change"), outcome, 20)],
    ],
    [
      [
        "prisma",
        () =>
          db.prisma.workflowStep.create({
            data: {
              executionMonth: month,
              executionId: claim.id,
              stepId: `prisma-${position}`,
              attempt: 1,
              position,
              status: "succeeded",
              output,
              startedAt: new Date(),
              finishedAt: new Date(),
              durationMs: 20,
            },
          }),
      ],
    ],
  ];
}

function insertBare({ db, claim, month, position }: Omit<Place, "steps">) {
  return db.pool.query({
    name: "bare",
    text: `INSERT INTO bare_steps (execution_month, execution_id, step_id, attempt, position, status, output, error,
                                   started_at, finished_at, duration_ms)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now(), now(), $9)`,
    values: [month, claim.id, `bare-${position}`, 1, position, "succeeded", JSON.stringify(output), null, 20],
  });
}
