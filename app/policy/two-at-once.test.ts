// Two processes at the same moment, each with connections of its own, again and again.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { Refusal } from "../../shared/errors.ts";
import { createLogger } from "../../shared/logger.ts";
import { parseWorkflow } from "../../shared/workflow.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { pauseHeld, resumeReleased } from "../hold-executions.ts";
import { type SavedWorkflow, saveWorkflows, startExecution } from "../start-execution.ts";

const times = 40;
const asked = "2026-11-27T12:00:05Z";
const held = "2026-11-27T12:00:06Z";
let database: TestDatabase;
let one: Database;
let other: Database;
let workflow: SavedWorkflow;
beforeAll(async () => {
  database = await createDatabase();
  [one, other] = [connectDatabase(database.url, { max: 2 }), connectDatabase(database.url, { max: 2 })];
  const source = "name: w\non: {}\nsteps: [{ id: x, tool: github.commitChanges, with: {} }]\n";
  [workflow] = (await saveWorkflows(one, [parseWorkflow(source, "w.yml")])) as [SavedWorkflow];
});
afterAll(async () => {
  await one?.close();
  await other?.close();
  await database?.drop();
});

type Wish = { sender: number; repository: number; issue: number };
type Limits = { user?: number; repository?: number };

const queues = { nudge: async () => {}, waiting: async () => 0, work() {}, close: async () => {} };
let deliveries = 0;
/** Gives whether it has started. */
async function start(
  db: Database,
  { sender, repository, issue }: Wish,
  limits: Limits = {},
): Promise<boolean> {
  deliveries += 1;
  const policy = {
    AFU9_RATE_USER_HOUR: limits.user ?? 1_000,
    AFU9_RATE_REPOSITORY_HOUR: limits.repository ?? 1_000,
  };
  const trigger = {
    ...{ kind: "label" as const, delivery: `d${deliveries}`, installation: 1, instructions: "", at: asked },
    sender: { id: sender, login: "pat" },
    repository: { id: repository, owner: "acme", name: `r${repository}`, defaultBranch: "main" },
    issue: { number: issue, title: "A bug" },
  };
  try {
    await startExecution(workflow, trigger, { db, queues, policy });
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
/** How many of two that begin at the same moment have started, each time. */
async function race(wishes: (time: number) => [Wish, Wish], limits: Limits): Promise<number[]> {
  const started: number[] = [];
  for (let time = 1; time <= times; time += 1) {
    const [first, second] = wishes(time);
    const both = await Promise.all([start(one, first, limits), start(other, second, limits)]);
    started.push(both.filter(Boolean).length);
  }
  return started;
}
const once = Array.from({ length: times }, () => 1);

test("a person's last place goes to one of two that start in different repositories", async () => {
  const started = await race(
    (time) => [
      { sender: time, repository: 1, issue: time },
      { sender: time, repository: 2, issue: time },
    ],
    { user: 1 },
  );
  expect(started).toEqual(once);
});

test("a repository's last place goes to one of two people who start there", async () => {
  const started = await race(
    (time) => [
      { sender: 1_000 + time, repository: 1_000 + time, issue: 1 },
      { sender: 2_000 + time, repository: 1_000 + time, issue: 2 },
    ],
    { repository: 1 },
  );
  expect(started).toEqual(once);
});

const place = (issue: number, at = held) => ({
  ...{ repository: 5_000, issue, who: "pat", delivery: `hold ${issue} ${at}`, at },
});
const deps = (db: Database) => ({ db, queues, log: createLogger("test", "silent") });
const statuses = async (issueNumber: number) =>
  (await one.prisma.workflowExecution.findMany({ where: { repositoryId: 5_000, issueNumber } })).map(
    ({ status }) => status,
  );

test("what starts while its issue is put on hold is paused, or never starts", async () => {
  const left: string[] = [];
  for (let issue = 1; issue <= times; issue += 1) {
    await Promise.all([
      start(one, { sender: 3_000, repository: 5_000, issue }),
      pauseHeld(place(issue), deps(other)),
    ]);
    left.push(...(await statuses(issue)));
  }
  expect(left.filter((status) => status !== "paused")).toEqual([]);
});

test("what was asked for before a hold does not start after it; what was asked for later, or after its end, does", async () => {
  const wish = { sender: 3_001, repository: 5_000, issue: 901 };
  await pauseHeld(place(901), deps(one));
  expect(await start(one, wish)).toBe(false);
  // The end of an earlier hold is told late.
  await resumeReleased(place(901, "2026-11-27T12:00:04Z"), deps(one));
  expect(await start(one, wish)).toBe(false);
  await resumeReleased(place(901, "2026-11-27T12:00:09Z"), deps(one));
  expect(await start(one, wish)).toBe(true);

  await pauseHeld(place(902, "2026-11-27T12:00:04Z"), deps(one));
  expect(await start(one, { ...wish, issue: 902 })).toBe(true);
});
