import { afterAll, afterEach, beforeAll, describe, expect } from "@jest/globals";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { eventually } from "../test/eventually.ts";
import { startRedis } from "../test/redis.ts";
import { requireProgram } from "../test/requires.ts";
import { PermanentFault } from "./errors.ts";
import { createLogger } from "./logger.ts";
import { type Attempt, createQueues, type Queues } from "./queue.ts";

const log = createLogger("test", "silent");
const anHour = { delayMs: 3_600_000 };

describe.each([{ on: "PostgreSQL" }, { on: "Redis" }])("on $on", ({ on }) => {
  const test =
    on === "Redis"
      ? requireProgram("redis-server", "apt-get install redis-server")
      : requireProgram("node", "npm ci");
  let database: TestDatabase;
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
  const open: Queues[] = [];

  beforeAll(async () => {
    database = await createDatabase();
    if (on === "Redis") redis = await startRedis();
  });
  afterEach(() => Promise.all(open.splice(0).map((queues) => queues.close())));
  afterAll(async () => {
    await redis?.stop();
    await database.drop();
  });

  /** Connects, and handles reports. `runs` holds what was handled, in its order. */
  function connect(handle: (id: string, attempt: Attempt) => Promise<void> = async () => {}) {
    const queues = createQueues({ databaseUrl: database.url, redisUrl: redis?.url, log });
    open.push(queues);
    const runs: string[] = [];
    const work = () =>
      queues.work(
        "reports",
        async (id, attempt) => {
          runs.push(`${id} ${attempt.number}${attempt.isLast ? " last" : ""}`);
          await handle(id, attempt);
        },
        { concurrency: 5 },
      );
    return { queues, runs, work };
  }
  /** Waits until a job that was asked for last of all is done, so that every one before it is. */
  async function drained(queues: Queues, runs: string[], id: string): Promise<void> {
    await queues.nudge("reports", id);
    await eventually(`${id} to run`, async () => (runs.includes(`${id} 1`) ? true : undefined));
  }

  test("asking many times before anybody looks is one job", async () => {
    const { queues, runs, work } = connect();
    for (let time = 0; time < 5; time += 1) await queues.nudge("reports", "many");
    work();
    await drained(queues, runs, "many-end");
    expect(runs).toEqual(["many 1", "many-end 1"]);
  });

  test("a job that waits for its time comes at once when it is asked for in a hurry, and only once", async () => {
    const { queues, runs, work } = connect();
    work();
    await queues.nudge("reports", "later", anHour);
    await queues.nudge("reports", "later");
    await drained(queues, runs, "later-not-yet");
    expect(runs).toEqual(["later-not-yet 1"]);
    await queues.nudge("reports", "later", { hurry: true });
    await eventually("the job", async () => (runs.length > 1 ? true : undefined));
    await drained(queues, runs, "later-end");
    expect(runs).toEqual(["later-not-yet 1", "later 1", "later-end 1"]);
  });

  test("what is asked for while it runs runs once more, never at the same time", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let running = 0;
    let most = 0;
    const { queues, runs, work } = connect(async (id) => {
      if (id !== "busy") return;
      running += 1;
      most = Math.max(most, running);
      await gate;
      running -= 1;
    });
    work();
    await queues.nudge("reports", "busy");
    await eventually("it to run", async () => (runs.length === 1 ? true : undefined));
    for (let time = 0; time < 3; time += 1) await queues.nudge("reports", "busy");
    await drained(queues, runs, "busy-other");
    expect(runs).toEqual(["busy 1", "busy-other 1"]);
    release();
    await eventually("it to run again", async () => (runs.length === 3 ? true : undefined));
    await drained(queues, runs, "busy-end");
    expect(runs).toEqual(["busy 1", "busy-other 1", "busy 1", "busy-end 1"]);
    expect(most).toBe(1);
  });

  test("a permanent fault is not tried again, and the row can be asked for anew", async () => {
    const { queues, runs, work } = connect(async (id) => {
      if (id === "never") throw new PermanentFault("never");
    });
    work();
    await queues.nudge("reports", "never");
    await eventually("it to run", async () => (runs.length === 1 ? true : undefined));
    await drained(queues, runs, "never-end");
    expect(runs).toEqual(["never 1", "never-end 1"]);
    await eventually("it to run anew", async () => {
      await queues.nudge("reports", "never");
      return runs.length > 2 ? true : undefined;
    });
    expect(runs[2]).toBe("never 1");
  });

  test("another error is tried again until the last attempt, which knows that it is", async () => {
    const { queues, runs, work } = connect(async (id) => {
      if (id === "flaky") throw new Error("bad gateway");
    });
    work();
    await queues.nudge("reports", "flaky");
    await eventually("the first try", async () => (runs.length === 1 ? true : undefined));
    // A try that is hurried counts as well.
    await eventually("the last try", async () => {
      if (runs.includes("flaky 8 last")) return true;
      await queues.nudge("reports", "flaky", { hurry: true });
    });
    const tries = [1, 2, 3, 4, 5, 6, 7].map((number) => `flaky ${number}`);
    expect(runs.filter((run) => run.startsWith("flaky ")).slice(0, 8)).toEqual([...tries, "flaky 8 last"]);
  });

  test("closing waits for the job that runs", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const done: string[] = [];
    const { queues, runs, work } = connect(async (id) => {
      await gate;
      done.push(id);
    });
    work();
    await queues.nudge("reports", "slow");
    await eventually("it to run", async () => (runs.length === 1 ? true : undefined));
    const closing = queues.close().then(() => done.push("closed"));
    release();
    await closing;
    expect(done).toEqual(["slow", "closed"]);
  });

  test("closing does not wait for ever for a job that hangs", async () => {
    const hung = Promise.withResolvers<void>();
    const { queues, runs, work } = connect(() => hung.promise);
    work();
    await queues.nudge("reports", "hung");
    await eventually("it to run", async () => (runs.length === 1 ? true : undefined));
    await queues.close();
    hung.resolve();
    expect(runs).toEqual(["hung 1"]);
  });

  test("each asking for an execution is a job: the one for its row may be long at work on another", async () => {
    const { queues } = connect();
    for (let time = 0; time < 3; time += 1) await queues.nudge("executions", "same", { hurry: true });
    expect(await queues.waiting("executions")).toBe(3);
  });
});
