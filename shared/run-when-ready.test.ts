import { once } from "node:events";
import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { eventually } from "../test/eventually.ts";
import { createLogger } from "./logger.ts";
import { createQueues } from "./queue.ts";

const log = createLogger("test", "silent");
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** The way to the database; while it is broken, each connection is reset. */
async function openWay() {
  const target = new URL(database.url);
  const way = { isBroken: true, refused: 0 };
  const open = new Set<Socket>();
  const server = createServer((incoming) => {
    open.add(incoming.on("error", () => {}));
    if (way.isBroken) {
      way.refused += 1;
      incoming.once("data", () => incoming.resetAndDestroy());
      return;
    }
    const outgoing = dial(Number(target.port), target.hostname).on("error", () => incoming.destroy());
    open.add(outgoing);
    incoming.pipe(outgoing).pipe(incoming);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(database.url);
  url.port = String((server.address() as AddressInfo).port);
  return Object.assign(way, {
    url: url.href,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

test("a queue whose first connection is broken keeps nothing busy, and works as soon as there is one", async () => {
  await using way = Object.assign(await openWay(), {
    [Symbol.asyncDispose]: () => way.close(),
  });
  const queues = createQueues({ databaseUrl: way.url, log });
  const runs: string[] = [];
  queues.work("reports", async (id) => void runs.push(id), { concurrency: 1 });
  await eventually("two tries", async () => (way.refused >= 2 ? true : undefined));
  await expect(queues.nudge("reports", "lost")).rejects.toThrow(/ECONNRESET|terminated unexpectedly/);
  expect(runs).toEqual([]);

  way.isBroken = false;
  await eventually("a nudge to be taken", async () => {
    await queues.nudge("reports", "found").catch(() => {});
    return runs.includes("found") ? true : undefined;
  });
  await queues.close();
});

test("what never got a connection is closed all the same", async () => {
  const way = await openWay();
  const queues = createQueues({ databaseUrl: way.url, log });
  queues.work("reports", async () => {}, { concurrency: 1 });
  await eventually("a try", async () => (way.refused >= 1 ? true : undefined));
  await queues.close();
  const { refused } = way;
  await way.close();
  expect(way.refused).toBe(refused);
});
