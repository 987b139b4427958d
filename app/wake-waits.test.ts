import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../shared/db.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { addExecution } from "../test/rows.ts";
import { wakeWaits } from "./wake-waits.ts";

const nudged: string[] = [];
const queues = { nudge: async (queue: string, id: string) => void nudged.push(`${queue} ${id}`) };
const closed = (number: number, repository = 5) => ({
  action: "closed",
  pull_request: { number },
  repository: { id: repository },
});
const pullRequest = (id: string, payload: object) =>
  wakeWaits({ id, event: "pull_request", payload }, { db, queues });

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

/** An execution that waits for a pull request to be closed. */
async function waitingFor(match: object, status: "waiting" | "paused" = "waiting", event?: string) {
  const { id } = await addExecution(db, { status, dueAt: null });
  await db.prisma.wait.create({
    data: {
      executionId: id,
      stepId: "merged",
      round: 1,
      repositoryId: 5,
      event: event ?? "pull_request.closed",
      match,
      until: new Date("2100-01-01"),
    },
  });
  return {
    id,
    async state() {
      const row = await db.prisma.workflowExecution.findUniqueOrThrow({ where: { id } });
      const wait = await db.prisma.wait.findFirstOrThrow({ where: { executionId: id } });
      return { delivery: wait.deliveryId, isDue: row.dueAt !== null };
    },
  };
}

test("the event that an execution waits for makes it due, and only the first one counts", async () => {
  const waiting = await waitingFor({ "pull_request.number": 1 });
  await pullRequest("other", closed(2));
  await pullRequest("elsewhere", closed(1, 6));
  await wakeWaits({ id: "push", event: "push", payload: closed(1) }, { db, queues });
  await pullRequest("opened", { ...closed(1), action: "opened" });
  expect(await waiting.state()).toEqual({ delivery: null, isDue: false });

  await Promise.all([pullRequest("first", closed(1)), pullRequest("first", closed(1))]);
  await pullRequest("second", closed(1));
  expect(await waiting.state()).toEqual({ delivery: "first", isDue: true });
  expect(nudged).toContain(`executions ${waiting.id}`);
});

test("a delivery that is handled again nudges again, because the first nudge may have been lost", async () => {
  const waiting = await waitingFor({ "pull_request.number": 3 });
  await pullRequest("again", closed(3));
  await db.prisma.workflowExecution.update({ where: { id: waiting.id }, data: { dueAt: null } });
  nudged.length = 0;
  await pullRequest("again", closed(3));
  expect(nudged).toEqual([`executions ${waiting.id}`]);
  expect(await waiting.state()).toEqual({ delivery: "again", isDue: false });
});

test("a delivery that is handled again does not serve the next step, too, that waits for such an event", async () => {
  const waiting = await waitingFor({ "pull_request.number": 5 });
  await pullRequest("one", closed(5));
  const wait = await db.prisma.wait.findFirstOrThrow({ where: { executionId: waiting.id } });
  const next = { ...wait, match: wait.match ?? {}, stepId: "later", deliveryId: null };
  await db.prisma.wait.create({ data: next });
  await pullRequest("one", closed(5));
  const later = { executionId: waiting.id, stepId: "later" };
  expect(await db.prisma.wait.findFirst({ where: later })).toMatchObject({ deliveryId: null });
  await pullRequest("two", closed(5));
  expect(await db.prisma.wait.findFirst({ where: later })).toMatchObject({ deliveryId: "two" });
});

test("an execution may wait for any action of an event; a paused one is told and stays paused", async () => {
  const any = await waitingFor({}, "waiting", "pull_request");
  const paused = await waitingFor({ "pull_request.number": 4 }, "paused");
  await pullRequest("both", closed(4));
  expect(await any.state()).toEqual({ delivery: "both", isDue: true });
  expect(await paused.state()).toEqual({ delivery: "both", isDue: false });
});

test("an event that is about no repository wakes nobody", async () => {
  await wakeWaits({ id: "x", event: "installation", payload: { action: "created" } }, { db, queues });
});
