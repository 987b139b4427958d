import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { commented, fakeDeps } from "../../test/fake-context.ts";
import { addExecution } from "../../test/rows.ts";
import { onIssueComment } from "../handlers/issue-comment.ts";
import { commands } from "./commands.ts";

type Happening = Parameters<typeof commented>[0];

const nudged: string[] = [];
const queues = {
  nudge: async (queue: string, id: string) => void nudged.push(`${queue} ${id}`),
  waiting: async () => 0,
  work() {},
  close: async () => {},
};
let database: TestDatabase;
let db: Database;
let replies: string[];
let deliveries = 0;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 4 });
});
beforeEach(() => {
  replies = [];
  nudged.length = 0;
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** A person writes a command. Gives the answer. */
async function say(body: string, number: number, more: Partial<Happening> = {}): Promise<string> {
  deliveries += 1;
  const happening = { delivery: `d-${deliveries}`, issue: { number }, comment: { body } };
  const deps = fakeDeps({ db, queues });
  const before = replies.length;
  await onIssueComment(commented({ ...happening, ...more }, replies), deps);
  return replies.slice(before).join("\n");
}
const row = (id: string) => db.prisma.workflowExecution.findUniqueOrThrow({ where: { id } });
const wishes = (executionId: string) =>
  db.prisma.executionControl.findMany({ where: { executionId }, orderBy: { requestedAt: "asc" } });

test("every command can be typed as its usage says, and is in the help", async () => {
  const help = await say("/afu9 help", 1, { role: "read" });
  for (const { name, usage } of commands) {
    expect(usage.split(" ").slice(0, 2)).toEqual(["/afu9", name]);
    expect(help).toContain(`\`${usage}\``);
  }
});

test("cancel, pause, resume and steer are written down for the newest execution, and only steer is answered", async () => {
  const older = await addExecution(db, { status: "failed" });
  const { id, issueNumber } = await addExecution(db, { issueNumber: older.issueNumber });
  expect(await say("/afu9 pause", issueNumber)).toBe("");
  expect((await row(id)).status).toBe("paused");
  expect(await say("/afu9 resume", issueNumber)).toBe("");
  expect(await say("/afu9 steer use tabs\n\nnot spaces", issueNumber)).toContain("at its next turn");
  expect(await say("/afu9 cancel", issueNumber)).toBe("");
  expect(await row(id)).toMatchObject({ status: "cancelled", error: "Cancelled by pat." });
  expect((await wishes(id)).map(({ kind, text }) => [kind, text])).toEqual([
    ["pause", ""],
    ["resume", ""],
    ["steer", "use tabs\n\nnot spaces"],
    ["cancel", ""],
  ]);
  expect(nudged.map((nudge) => nudge.split(" ")[1])).toEqual(Array(4).fill(id));
  expect(await wishes(older.id)).toEqual([]);
});

test("retry names a step, and one that is not there is refused with those that are", async () => {
  const { id, issueNumber } = await addExecution(db, { status: "failed" });
  expect(await say("/afu9 retry y", issueNumber)).toContain("There is no step `y`. The steps are `x`.");
  expect(await say("/afu9 retry x\nplease", issueNumber)).toBe("");
  expect(await row(id)).toMatchObject({ status: "queued", round: 2 });
});

test("what can't be done is answered with how it stands, and a command that comes again is asked once", async () => {
  const { id, issueNumber } = await addExecution(db, { status: "succeeded" });
  expect(await say("/afu9 cancel", issueNumber)).toContain("it has ended already (succeeded)");
  expect(await say("/afu9 steer", issueNumber)).toContain("it has ended already");
  expect(await wishes(id)).toEqual([]);

  const running = await addExecution(db, { status: "waiting" });
  const again = { delivery: "the-same" };
  await say("/afu9 steer once", running.issueNumber, again);
  await say("/afu9 steer once", running.issueNumber, again);
  expect(await wishes(running.id)).toHaveLength(1);
  expect(replies.filter((text) => text.includes("at its next turn"))).toHaveLength(1);
});

test("who may not write only gets the status", async () => {
  const { id, issueNumber } = await addExecution(db);
  for (const name of ["cancel", "pause", "resume", "steer x", "retry"])
    expect(await say(`/afu9 ${name}`, issueNumber, { role: "triage" })).toContain("needs the role `write`");
  expect(await wishes(id)).toEqual([]);
  expect(await say("/afu9 status", issueNumber, { role: "read" })).toContain("It is about to begin");
});

test("status tells the step, the cost, what is asked and what to type next", async () => {
  const { id, issueNumber, createdAt } = await addExecution(db, { status: "waiting" });
  const executionMonth = new Date(Date.UTC(createdAt.getUTCFullYear(), createdAt.getUTCMonth(), 1));
  const step = { executionMonth, executionId: id, stepId: "x", attempt: 1, position: 0 };
  await db.prisma.workflowStep.create({ data: { ...step, status: "waiting" } });
  const run = { executionId: id, stepId: "x", agent: "plan", provider: "p", model: "m" };
  await db.prisma.agentRun.create({ data: { ...run, turns: 3, costUsd: 0.25 } });
  const asked = { executionId: id, stepId: "x", contentHash: "0123456789abcdef", content: {}, rules: {} };
  await db.prisma.approval.create({ data: { ...asked, expiresAt: new Date("2100-01-01") } });
  const status = await say("/afu9 status", issueNumber);
  expect(status).toContain("**It waits**, at step 1 of 1: `Do it`");
  expect(status).toContain("3 turns, $0.2500");
  expect(status).toContain("Next: `/afu9 approve 01234567` or `/afu9 reject <reason>`");
});

test("the reason of a failure can't mention people or break out of its place", async () => {
  const { issueNumber } = await addExecution(db, { status: "failed", error: "no `x`\n# @acme/all" });
  const status = await say("/afu9 status", issueNumber);
  expect(status).toContain("Why: `no 'x' # @acme/all`");
  expect(status).toContain("`/afu9 retry`");
});

test("on a pull request the execution that opened it is meant, whatever its text says", async () => {
  const opener = await addExecution(db, { status: "waiting" });
  const other = await addExecution(db, { status: "waiting" });
  const call = { executionId: opener.id, sequence: 1, stepId: "x", server: "github", arguments: {} };
  const at = { startedAt: new Date(), completedAt: new Date(), durationMs: 1, prevHash: "", hash: "" };
  const tool = "createPullRequest";
  await db.prisma.mcpToolCall.create({ data: { ...call, ...at, tool, result: { number: 77 } } });
  const pull = { number: 77, pull_request: {}, body: `<!-- afu9:execution:${other.id} -->` };
  await say("/afu9 steer here", 77, { issue: pull });
  expect(await wishes(opener.id)).toHaveLength(1);
  expect(await wishes(other.id)).toEqual([]);
});

test("where nothing has run, that is the answer", async () => {
  expect(await say("/afu9 status", 999)).toContain("Nothing has run here yet. `/afu9 run`");
  expect(await say("/afu9 cancel", 78, { issue: { number: 78, pull_request: {} } })).toContain(
    "Nothing has run",
  );
});
