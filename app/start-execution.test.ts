import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../shared/db.ts";
import type { Trigger } from "../shared/trigger.ts";
import { parseWorkflow } from "../shared/workflow.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { policySettings } from "./policy/policy-settings.ts";
import { type SavedWorkflow, saveWorkflows, startExecution } from "./start-execution.ts";

const file = parseWorkflow("name: w\non: {}\nsteps: [{ id: x, tool: a.b }]\n", "w.yml");
const policy = policySettings.parse({});
const nudged: string[] = [];
const queues = {
  nudge: async (queue: string, id: string) => void nudged.push(`${queue} ${id}`),
  waiting: async () => 0,
  work() {},
  close: async () => {},
};
let database: TestDatabase;
let databases: Database[];
let workflow: SavedWorkflow;
beforeAll(async () => {
  database = await createDatabase();
  databases = [1, 2, 3, 4].map(() => connectDatabase(database.url, { max: 3 }));
  const saved = await Promise.all(databases.map((db) => saveWorkflows(db, [file])));
  [workflow] = saved[0] as [SavedWorkflow];
});
afterAll(async () => {
  await Promise.all(databases.map((db) => db.close()));
  await database.drop();
});

const trigger = (delivery: string, issue: number): Trigger => ({
  kind: "label",
  delivery,
  installation: 1,
  sender: { id: 1, login: "pat" },
  repository: { id: 5, owner: "acme", name: "sample", defaultBranch: "main" },
  issue: { number: issue, title: "A bug" },
  instructions: "",
});
const start = (delivery: string, issue: number, db = databases[0] as Database) =>
  startExecution(workflow, trigger(delivery, issue), { db, queues, policy });
const executions = (issueNumber: number) =>
  (databases[0] as Database).prisma.workflowExecution.findMany({ where: { issueNumber } });

test("a version that many processes save at once is one row", async () => {
  const saved = await Promise.all(databases.flatMap((db) => [db, db]).map((db) => saveWorkflows(db, [file])));
  expect(new Set(saved.flat().map(({ id }) => id))).toEqual(new Set([workflow.id]));
});

test("one delivery that is handled many times at once starts one execution", async () => {
  const starts = await Promise.all(databases.map((db) => start("same", 1, db)));
  const [row, ...others] = await executions(1);
  expect(others).toEqual([]);
  expect(starts).toEqual(databases.map(() => ({ started: row?.id })));
  expect(nudged).toContain(`executions ${row?.id}`);
});

test("of many deliveries for one issue one starts, and the others are told which", async () => {
  const starts = await Promise.all(databases.map((db, index) => start(`other-${index}`, 2, db)));
  const [row, ...others] = await executions(2);
  expect(others).toEqual([]);
  expect(starts.filter((one) => "started" in one)).toEqual([{ started: row?.id }]);
  expect(starts.filter((one) => "already" in one)).toEqual(Array(3).fill({ already: row?.id }));
});

test("who comes is told of the execution that has not ended, also when a newer one has", async () => {
  const { prisma } = databases[0] as Database;
  const early = await start("early", 4);
  await prisma.workflowExecution.updateMany({
    where: { issueNumber: 4 },
    data: { status: "failed", finishedAt: new Date() },
  });
  await start("late", 4);
  await prisma.workflowExecution.updateMany({
    where: { issueNumber: 4, deliveryId: "late" },
    data: { status: "succeeded", finishedAt: new Date() },
  });
  // A person has the first one tried again.
  await prisma.workflowExecution.updateMany({
    where: { deliveryId: "early" },
    data: { status: "queued", finishedAt: null },
  });
  expect(await start("third", 4)).toEqual({ already: "started" in early && early.started });
});

test("a delivery that is handled again after a newer execution began is told of its own", async () => {
  const first = await start("first", 3);
  await (databases[0] as Database).prisma.workflowExecution.updateMany({
    where: { issueNumber: 3 },
    data: { status: "succeeded" },
  });
  await start("second", 3);
  expect(await start("first", 3)).toEqual(first);
  expect(await executions(3)).toHaveLength(2);
});
