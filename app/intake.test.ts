import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../shared/db.ts";
import { PermanentFault } from "../shared/errors.ts";
import { createLogger } from "../shared/logger.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { addExecution } from "../test/rows.ts";
import { takeDelivery } from "./intake.ts";

const nudged: string[] = [];
const queues = { nudge: async (queue: string, id: string) => void nudged.push(`${queue} ${id}`) };
const log = createLogger("test", "silent");
const first = { number: 1, isLast: false };
const last = { number: 5, isLast: true };
const sender = { id: 1, login: "pat", type: "User" };
const happened = { action: "created", sender, installation: { id: 1 } };
const payload = JSON.stringify(happened);
let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 4 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const onActions = async () => {};
let count = 0;
async function delivered(body: string | Buffer, event = "issues"): Promise<string> {
  count += 1;
  const id = `delivery-${count}`;
  await db.prisma.webhookDelivery.create({ data: { id, event, payload: Buffer.from(body) } });
  return id;
}
const row = (id: string) => db.prisma.webhookDelivery.findUniqueOrThrow({ where: { id } });

/** As Probot's: what handlers throw comes gathered. */
function probotThat(...faults: Error[]) {
  const received: unknown[] = [];
  return {
    received,
    async receive(event: unknown) {
      received.push(event);
      if (faults.length > 0) throw new AggregateError(faults, "handlers failed");
    },
  };
}

test("a delivery is handed over once, also when it is asked for again", async () => {
  const id = await delivered(payload);
  const probot = probotThat();
  await takeDelivery(id, first, { db, queues, probot, onActions, log });
  await takeDelivery(id, first, { db, queues, probot, onActions, log });
  expect(probot.received).toMatchObject([{ id, name: "issues", payload: { action: "created" } }]);
  expect(await row(id)).toMatchObject({ status: "processed", error: null });
});

test("a delivery that two jobs take at once is handled by one of them", async () => {
  const id = await delivered(payload);
  let enter = () => {};
  const isIn = new Promise<void>((resolve) => {
    enter = resolve;
  });
  let leave = () => {};
  const mayLeave = new Promise<void>((resolve) => {
    leave = resolve;
  });
  let count = 0;
  const probot = {
    async receive() {
      count += 1;
      enter();
      await mayLeave;
    },
  };
  const one = takeDelivery(id, first, { db, queues, probot, onActions, log });
  await isIn;
  await takeDelivery(id, first, { db, queues, probot, onActions, log });
  leave();
  await one;
  expect(count).toBe(1);
  expect(await row(id)).toMatchObject({ status: "processed" });
});

test.each([
  ["is empty", ""],
  ["is not JSON", "payload=%7B%7D"],
  ["holds NUL bytes", Buffer.from([0, 0, 0])],
  ["is not UTF-8", Buffer.from([0x7b, 0xff, 0x7d])],
  ["is no object", "[1]"],
  ["has a sender without an id", '{"sender":{"login":"pat"}}'],
])("a payload that %s ends as failed at once, with a reason, and is not tried again", async (_name, body) => {
  const id = await delivered(body);
  const probot = probotThat();
  await expect(takeDelivery(id, first, { db, queues, probot, onActions, log })).rejects.toBeInstanceOf(
    PermanentFault,
  );
  const { status, error } = await row(id);
  expect(status).toBe("failed");
  expect(error).toMatch(/^The payload /);
  expect(probot.received).toEqual([]);
});

test.each([
  ["nobody did", "security_advisory", { action: "published" }],
  ["is of no installation", "issues", { ...happened, installation: undefined }],
  ["GitHub has no event for", "surprise", happened],
  ["is called as Probot calls its own list of errors", "error", happened],
  ["is called as what every object has", "constructor", happened],
  ["is called as the prototype", "__proto__", happened],
])("what %s is processed, and no handler gets it", async (_name, event, body) => {
  const id = await delivered(JSON.stringify(body), event);
  const probot = probotThat();
  await takeDelivery(id, first, { db, queues, probot, onActions, log });
  expect(probot.received).toEqual([]);
  expect(await row(id)).toMatchObject({ status: "processed", error: null });
});

const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
const start = payload.slice(0, -1);
test.each([
  ["is 200,000 levels deep", `${start},"issue":${deep}}`],
  ["names its action twice", `${start},"action":"deleted"}`],
  [
    "names the prototype",
    `${start},"__proto__":{"action":"deleted","toString":1},"issue":{"__proto__":{"x":1}}}`,
  ],
  ["holds lone surrogates", `${start},"issue":{"title":"\\ud800"},"\\udfff":"\\udc00"}`],
])("a payload that %s is handed over, and nothing else changes", async (_name, body) => {
  const id = await delivered(body);
  const probot = probotThat();
  await takeDelivery(id, first, { db, queues, probot, onActions, log });
  expect(probot.received).toHaveLength(1);
  expect(await row(id)).toMatchObject({ status: "processed" });
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test("a fault that may pass is tried again, and only the last attempt writes that it failed", async () => {
  const id = await delivered(payload);
  const probot = probotThat(new Error("bad gateway"), new PermanentFault("never"));
  await expect(takeDelivery(id, first, { db, queues, probot, onActions, log })).rejects.toBeInstanceOf(
    AggregateError,
  );
  expect(await row(id)).toMatchObject({ status: "received" });
  await expect(takeDelivery(id, last, { db, queues, probot, onActions, log })).rejects.toBeInstanceOf(
    AggregateError,
  );
  expect(await row(id)).toMatchObject({ status: "failed", error: "bad gateway; never" });
});

test("a handler's permanent fault ends the delivery at once, whatever its reason holds", async () => {
  const id = await delivered(payload);
  const probot = probotThat(new PermanentFault("there is a \u0000 in it"));
  await expect(takeDelivery(id, first, { db, queues, probot, onActions, log })).rejects.toBeInstanceOf(
    PermanentFault,
  );
  expect(await row(id)).toMatchObject({ status: "failed", error: "there is a \uFFFD in it" });
});

test("who waits for a delivery is woken before it counts as handled, whatever the handlers make of it", async () => {
  const { id: execution } = await addExecution(db, { status: "waiting", dueAt: null });
  const wait = { executionId: execution, stepId: "x", round: 1, repositoryId: 5, event: "issues.created" };
  await db.prisma.wait.create({ data: { ...wait, until: new Date("2100-01-01") } });
  const id = await delivered(JSON.stringify({ ...JSON.parse(payload), repository: { id: 5 } }));
  const probot = probotThat(new PermanentFault("never"));
  await expect(takeDelivery(id, first, { db, queues, probot, onActions, log })).rejects.toBeInstanceOf(
    PermanentFault,
  );
  expect(nudged).toEqual([`executions ${execution}`]);
  expect(await db.prisma.wait.findFirst()).toMatchObject({ deliveryId: id });
});
