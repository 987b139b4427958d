import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "@jest/globals";
import { createPostgresBackend, Queue, withBackend } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import { pino } from "pino";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { eventually } from "../test/eventually.ts";
import { startRedis } from "../test/redis.ts";
import { requireProgram } from "../test/requires.ts";
import { type Chore, keepHouse } from "./housekeeping.ts";
import { createQueues } from "./queue.ts";

describe.each([{ on: "PostgreSQL" }, { on: "Redis" }])("on $on", ({ on }) => {
  const test =
    on === "Redis"
      ? requireProgram("redis-server", "apt-get install redis-server")
      : requireProgram("node", "npm ci");
  let database: TestDatabase;
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
  let runs: string[] = [];
  const logged: string[] = [];
  const log = pino({}, { write: (line: string) => void logged.push(line) });
  const open: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    if (on === "Redis" && test.isMet) redis = await startRedis();
  });
  beforeEach(async () => {
    database = await createDatabase();
    runs = [];
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
    await loseQueue();
    await database.drop();
  });
  afterAll(() => redis?.stop());

  /** One process of the fleet, which keeps the house. */
  function start(chores: Chore[], rememberEveryMs?: number) {
    const queues = createQueues({ databaseUrl: database.url, redisUrl: redis?.url, log });
    const house = keepHouse("app-chores", chores, { queues, log, rememberEveryMs });
    const close = async () => {
      house.stop();
      await queues.close();
    };
    open.push({ close });
  }
  function chore(name: string, everyMs: number, work: Chore["work"] = async () => {}): Chore {
    return {
      name,
      everyMs,
      does: "",
      async work(signal) {
        runs.push(name);
        await work(signal);
      },
    };
  }
  const times = (name: string) => runs.filter((run) => run === name).length;
  const done = (name: string, atLeast: number) =>
    eventually(`${name} to be done`, async () => (times(name) >= atLeast ? true : undefined));

  async function loseQueue(): Promise<void> {
    if (redis) {
      const client = new Redis(redis.url);
      await client.flushall();
      return client.disconnect();
    }
    const client = new pg.Client(database.url);
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename !~ 'migration'",
    );
    const lose = () => client.query(`TRUNCATE ${rows.map(({ name }) => name).join(", ")}`);
    // The processes lock the tables in an order of their own: of a deadlock PostgreSQL ends one side, which may be this one.
    const isDeadlock = (error: { code?: string }) => error.code === "40P01";
    while (rows.length > 0) {
      const failure = await lose().then(
        () => undefined,
        (error: { code?: string }) => error,
      );
      if (!failure) break;
      if (!isDeadlock(failure)) throw failure;
    }
    await client.end();
  }
  async function schedules(): Promise<string[]> {
    const name = "app-chores";
    const queue = redis
      ? new Queue(name, { connection: { url: redis.url } })
      : new (withBackend(createPostgresBackend).Queue)(name, {
          connection: { connectionString: database.url },
        });
    const found = await queue.getJobSchedulers();
    await queue.close();
    return found.map(({ key }) => key).sort();
  }

  test("a chore is done once per period by the whole fleet, not by each process", async () => {
    const everyMs = 200;
    const began = Date.now();
    for (let process = 0; process < 4; process += 1) start([chore("sweep", everyMs)]);
    await done("sweep", 12);
    // One that comes late may be followed soon by the next, so one period is not counted; slowness only helps.
    expect(Date.now() - began).toBeGreaterThan(9 * everyMs);
  });

  test("saying again and again what is to be done does not push it away", async () => {
    for (let process = 0; process < 2; process += 1) start([chore("sweep", 700), chore("tidy", 300)], 10);
    await Promise.all([done("sweep", 4), done("tidy", 4)]);
  });

  test("when the whole queue is lost while processes run, chores go on", async () => {
    for (let process = 0; process < 2; process += 1) start([chore("sweep", 300)], 100);
    await done("sweep", 2);
    await loseQueue();
    await done("sweep", times("sweep") + 3);
  });

  test("a chore that fails is logged by its name, has its next turn, and keeps no other one", async () => {
    const failing = chore("broken", 200, async () => {
      throw new Error("the shelf is too high");
    });
    start([failing, chore("sweep", 200)]);
    await Promise.all([done("broken", 3), done("sweep", 3)]);
    const line = logged.find((one) => one.includes('"chore":"broken"'));
    expect(line).toContain("the shelf is too high");
  });

  test("a chore that takes longer than its period is not begun again before it is done", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    start([
      chore("long", 100, (signal) => Promise.race([gate, once(signal, "abort").then(() => {})])),
      chore("sweep", 100),
    ]);
    await done("sweep", 6);
    expect(times("long")).toBe(1);
    release();
    await done("long", 2);
  });

  test("a chore that was under way in a process that was killed does not block its next turns", async () => {
    const file = join(import.meta.dirname, "../test/hang-in-chore.ts");
    const child = spawn(process.execPath, [file, database.url, ...(redis ? [redis.url] : [])]);
    const exited = once(child, "exit");
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await exited;
    start([chore("hang", 300)]);
    await done("hang", 4);
  });

  test("a chore that this version does not know is not scheduled any longer", async () => {
    const older = createQueues({ databaseUrl: database.url, redisUrl: redis?.url, log });
    open.push(older);
    await older.repeat("app-chores", "old", 100);
    start([chore("sweep", 200)]);
    await eventually("the old one to go", async () =>
      (await schedules()).join() === "sweep" ? true : undefined,
    );
  });

  test("a chore for the start is done at once although its time has not come", async () => {
    const patrol = chore("patrol", 3_600_000);
    start([patrol]);
    await done("patrol", 1);
    start([{ ...patrol, atStart: true }]);
    await done("patrol", 2);
  });

  test("whoever stops tells the chore that is under way, and waits for it", async () => {
    const long = chore("long", 60_000, async (signal) => {
      await once(signal, "abort");
      runs.push("ended");
    });
    start([long]);
    await done("long", 1);
    await open.pop()?.close();
    expect(runs).toEqual(["long", "ended"]);
  });
});
