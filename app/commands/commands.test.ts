import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { commented, fakeDeps } from "../../test/fake-context.ts";
import { addExecution } from "../../test/rows.ts";
import { onIssueComment } from "../handlers/issue-comment.ts";
import { usageOf } from "./command.ts";
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

test("every command is in the help, and help on it says its usage, its role and where it works", async () => {
  const help = await say("/afu9 help", 1, { role: "read" });
  for (const command of commands) {
    expect(help).toContain(`| \`${usageOf(command)}\` | ${command.summary.en}`);
    const own = await say(`/afu9 help ${command.name}`, 1, { role: "read" });
    expect(own).toContain(`**\`${usageOf(command)}\`**\n\n${command.summary.en}`);
    expect(own).toMatch(
      /Works on (issues|pull requests|issues and pull requests), for who has the role `\w+`\./,
    );
    expect(await say(`/afu9 ${command.name} --help`, 1, { role: "read" })).toContain(usageOf(command));
  }
  expect(await say("/afu9 help rnu", 1)).toContain("There is no `/afu9 rnu`. Did you mean `run`?");
});

test("what a command can't take is answered with the line, the fault and the usage, and changes nothing", async () => {
  const { id, issueNumber } = await addExecution(db);
  for (const [line, fault] of [
    ["/afu9 cancel please", "expected nothing after it, got `please`"],
    ['/afu9 retry "x y" z', "expected 1 word after it, got `x y, z`"],
    ["/afu9 status --now", "there is no option `--now`"],
    ["/afu9 steer", "`text` is missing"],
    [`/afu9 retry ${"x".repeat(60_000)}`, "expected 1000 characters at most, got 60000"],
    ["/afu9 approve looks good", "got `looks`"],
    ["/afu9 budget lots", "got `lots`"],
  ] as const) {
    const answer = await say(line, issueNumber);
    expect(answer).toContain(`> ${line.slice(0, 200)}`);
    expect(answer).toContain(fault);
    expect(answer).toMatch(/\n\nUsage: `\/afu9 (\w+).*`\. `\/afu9 help \1` tells more\./);
    expect(answer.length).toBeLessThan(1000);
  }
  expect(await wishes(id)).toEqual([]);
});

test("a word in quotes is one word, and so is one that looks like an option after two hyphens", async () => {
  const { issueNumber } = await addExecution(db, { status: "failed" });
  expect(await say('/afu9 retry "a step"', issueNumber)).toContain("There is no step `a step`.");
  expect(await say("/afu9 retry -- -x", issueNumber)).toContain("There is no step `-x`.");
});

test("several commands are carried out in their order and answered in one reply, each with what is its own", async () => {
  const { id, issueNumber } = await addExecution(db);
  const comment =
    "Hm.\n/afu9 pause\n/afu9 steer use tabs\nnot spaces\n/afu9 nope\n/afu9 resume\n/afu9 status";
  const again = { delivery: "several" };
  const answer = await say(comment, issueNumber, again);
  expect(answer.match(/^> .*$/gm)).toEqual(["> /afu9 steer use tabs", "> /afu9 nope", "> /afu9 status"]);
  expect(answer.match(/<!-- afu9:reply/g)).toHaveLength(1);
  await say(comment, issueNumber, again);
  expect((await wishes(id)).map(({ kind, text }) => [kind, text])).toEqual([
    ["pause", ""],
    ["steer", "use tabs\n\nnot spaces"],
    ["resume", ""],
  ]);
});

test("more commands than anybody means are not carried out", async () => {
  const { id, issueNumber } = await addExecution(db);
  const answer = await say("/afu9 steer x\n".repeat(12), issueNumber);
  expect(answer).toContain("I do 10 commands of one comment, and there are 12.");
  expect(await wishes(id)).toHaveLength(10);
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
  expect(await say("/afu9 steer x", issueNumber)).toContain("it has ended already");
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

const account = (scope: "execution" | "issue" | "repository", owner: string, period = "") => ({
  ...{ scope, owner, period, limitTokens: 1_000_000 },
  limitUsd: scope === "execution" ? 5 : 20,
});

test("budget tells what was spent and what may be, also before the first turn", async () => {
  const { id, issueNumber } = await addExecution(db);
  expect(await say("/afu9 budget", issueNumber, { role: "read" })).toContain(
    "| this execution | $0.00 | $5.00 | 0 | 20,000,000 |",
  );
  await db.prisma.budgetAccount.createMany({
    data: [
      { ...account("execution", id), spentUsd: 1.5, reservedUsd: 0.25, spentTokens: 12_345 },
      { ...account("issue", `5#${issueNumber}`), spentUsd: 3 },
      { ...account("repository", "5", "2026-01-01"), spentUsd: 9 },
    ],
  });
  const told = await say("/afu9 budget", issueNumber, { role: "read" });
  expect(told).toContain(
    "| this execution | $1.50 (and up to $0.25 by calls that are under way) | $5.00 | 12,345 | 1,000,000 |",
  );
  expect(told).toContain("| this issue | $3.00 | $20.00 |");
  // What was spent on another day is no part of it.
  expect(told).toContain("| this repository today | $0.00 | $50.00 |");
  expect(told).toContain("| this installation this month | $0.00 | $500.00 |");
});

test("budget +5 raises the limits of the execution and its issue, and one that has paused for it goes on", async () => {
  const paused = { status: "paused", error: "The budget is spent.", dueAt: null } as const;
  const { id, issueNumber } = await addExecution(db, paused);
  await db.prisma.budgetAccount.create({
    data: { ...account("execution", id), spentUsd: 4.9, warnedAt: new Date() },
  });
  const answer = await say("/afu9 budget +5", issueNumber, { role: "maintain" });
  expect(answer).toContain(
    "I may spend $10.00 for this execution ($4.90 are spent) and $25.00 for this issue ($0.00 are spent) now. I go on;",
  );
  expect(await row(id)).toMatchObject({ status: "queued", error: null, dueAt: expect.any(Date) });
  expect(await wishes(id)).toMatchObject([
    {
      kind: "budget",
      text: "+5",
      requestedBy: "pat",
      obeyedAt: expect.any(Date),
      needs: "maintain",
      requesterId: 7n,
    },
  ]);
  expect(nudged).toEqual([`executions ${id}`]);
  const raised = await db.prisma.budgetAccount.findFirst({ where: { owner: id } });
  expect({ ...raised, raisedUsd: Number(raised?.raisedUsd) }).toMatchObject({ raisedUsd: 5, warnedAt: null });
});

test("a delivery that comes again adds its dollars once", async () => {
  const { id, issueNumber } = await addExecution(db);
  const again = { delivery: "the-same-budget" };
  await say("/afu9 budget +2.50", issueNumber, again);
  await say("/afu9 budget +2.50", issueNumber, again);
  const raised = await db.prisma.budgetAccount.findFirst({ where: { owner: id } });
  expect(Number(raised?.raisedUsd)).toBe(2.5);
});

test("who may write only is told what it takes to raise a budget", async () => {
  const { id, issueNumber } = await addExecution(db, { status: "paused", error: "The budget is spent." });
  expect(await say("/afu9 budget +5", issueNumber, { role: "write" })).toContain(
    "I can't raise its budget for you: that needs the role `maintain`",
  );
  expect(await row(id)).toMatchObject({ status: "paused" });
  expect(await wishes(id)).toEqual([]);
});

test("what is no sum of dollars is answered with what one looks like, and changes nothing", async () => {
  const { id, issueNumber } = await addExecution(db);
  for (const word of ["+abc", "-5", "+1e9", "5", "+0", "+", "+Infinity", "+12345678", "+1.234"])
    expect(await say(`/afu9 budget ${word}`, issueNumber)).toContain(
      `Expected how many US dollars to add, such as \`+5\` or \`+2.50\`, got \`${word}\`.`,
    );
  expect(await wishes(id)).toEqual([]);
  expect(await db.prisma.budgetAccount.count({ where: { owner: id } })).toBe(0);
});

test("nobody raises a budget beyond what the operator allows, neither at once nor bit by bit", async () => {
  const { id, issueNumber } = await addExecution(db, { status: "paused", error: "The budget is spent." });
  expect(await say("/afu9 budget +45.01", issueNumber)).toContain(
    "this execution may spend $5.00, and AFU-9's operator lets it be raised to $50.00 (AFU9_BUDGET_MAX_USD). `/afu9 budget +45` is the most",
  );
  expect(await row(id)).toMatchObject({ status: "paused" });
  expect(await wishes(id)).toEqual([]);
  expect(await say("/afu9 budget +45", issueNumber)).toContain("$50.00 for this execution");
  expect(await say("/afu9 budget +1", issueNumber)).toContain("Nothing more can be added.");

  await db.prisma.workflowExecution.update({ where: { id }, data: { status: "failed" } });
  const next = await addExecution(db, { issueNumber });
  expect(await say("/afu9 budget +6", issueNumber)).toContain("$45.00 were added for this issue so far");
  expect(await wishes(next.id)).toEqual([]);
});

test("a raise says when nothing was paused, when a person paused it, and when it has ended", async () => {
  const running = await addExecution(db);
  expect(await say("/afu9 budget +1", running.issueNumber)).toContain("Nothing was paused");
  const byPerson = await addExecution(db, { status: "paused", dueAt: null });
  expect(await say("/afu9 budget +1", byPerson.issueNumber)).toContain("it stays paused. `/afu9 resume`");
  expect((await row(byPerson.id)).status).toBe("paused");
  const over = await addExecution(db, { status: "failed" });
  expect(await say("/afu9 budget +1", over.issueNumber)).toContain(
    "Its budget can't be raised: it has ended already (failed).",
  );
  expect(await say("/afu9 budget +1", 4_711)).toContain("Nothing has run here yet.");
});
