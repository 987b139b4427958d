// The command line as people type it, on a database with executions in every state.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { createDatabase, createEmptyDatabase, type TestDatabase } from "../database.ts";
import { json, runAfu9 } from "../run-afu9.ts";
import { seedExecution, seedStep } from "../seed-execution.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 5 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const afu9 = (...args: string[]) => runAfu9(database.url, ...args);
const ended = (error: string | null = null) => ({ error, startedAt: new Date(), finishedAt: new Date() });

test("executions in every state are listed, newest first, each with why it stands so", async () => {
  const statuses = ["queued", "succeeded", "cancelled", "paused", "failed", "waiting", "running"] as const;
  const ids: string[] = [];
  for (const status of statuses) {
    const error = status === "failed" ? "Write the change: \u001b[31mit can't\nbe done" : null;
    ids.unshift(await seedExecution(db, { status, ...(status === "failed" && ended(error)) }));
  }
  const [runs = "", waits = ""] = ids;
  await seedStep(db, runs, { stepId: "plan", position: 1, status: "running" });
  await seedStep(db, waits, { stepId: "approval", position: 2, status: "waiting" });
  await db.prisma.agentRun.create({
    data: {
      executionId: runs,
      stepId: "plan",
      agent: "plan",
      provider: "anthropic",
      model: "m",
      costUsd: 0.25,
    },
  });

  const { code, stdout } = await afu9("executions", "list");
  expect(code).toBe(0);
  const [head, ...lines] = stdout.trimEnd().split("\n");
  expect(head).toMatch(/^ID +STATUS +ISSUE +WORKFLOW +AGE +TIME +COST +WHY$/);
  expect(lines.map((line) => line.split(/ +/)[0])).toEqual(ids.map((id) => id.slice(-8)));
  expect(lines[0]).toMatch(/running +acme\/sample#\d+ +seeded +\d+ s .* \$0.25 +at plan$/);
  expect(lines[1]).toContain("approval waits");
  expect(lines[2]).toMatch(/failed .*Write the change: it can't be done$/);

  const all = json(await afu9("executions", "list", "--json"));
  expect(all.map((one: { id: string }) => one.id)).toEqual(ids);
  const filters = ["--status", "failed", "--repo", "Acme/sample", "--limit", "1", "--json"];
  expect(json(await afu9("executions", "list", ...filters))).toMatchObject([
    { id: ids[2], status: "failed" },
  ]);
  expect((await afu9("executions", "list", "--repo", "acme/other")).stdout).toBe("There are none.\n");
}, 90_000);

test("an execution that waits for a person is shown with its attempts, its agent, and what to type", async () => {
  const id = await seedExecution(db, { status: "waiting", startedAt: new Date() });
  await seedStep(db, id, {
    stepId: "issue",
    position: 0,
    status: "failed",
    error: "Bad gateway",
    durationMs: 1_500,
  });
  await seedStep(db, id, { stepId: "issue", position: 0, attempt: 2, durationMs: 250 });
  await seedStep(db, id, { stepId: "approval", position: 2, status: "waiting" });
  const run = { stepId: "plan", agent: "plan", provider: "anthropic", model: "claude", outcome: "finished" };
  await db.prisma.agentRun.create({
    data: { executionId: id, ...run, turns: 3, inputTokens: 1_200, costUsd: 0.0123 },
  });
  const asked = {
    contentHash: "abcdef0123456789",
    content: {},
    rules: { role: "maintain" },
    expiresAt: new Date(),
  };
  await db.prisma.approval.create({ data: { executionId: id, stepId: "approval", ...asked } });
  await db.prisma.executionControl.create({
    data: { executionId: id, kind: "steer", text: "Use a map", requestedBy: "pat" },
  });

  const { code, stdout } = await afu9("executions", "view", id.slice(-8));
  expect(code).toBe(0);
  expect(stdout).toContain(`execution ${id}`);
  expect(stdout).toMatch(/✔ {2}Read the issue {2}issue · github.getIssue {2}250 ms/);
  expect(stdout).toContain("attempt 1: failed  1.5 s  Bad gateway");
  expect(stdout).toMatch(/plan +anthropic:claude +3 +1,200 +0 +\$0.0123 +finished/);
  expect(stdout).toMatch(/steer "Use a map" {2}by pat, .* not obeyed yet/);
  expect(stdout).toContain("comment `/afu9 approve abcdef01` or `/afu9 reject [reason]`");
  expect(stdout).not.toContain("\u001b");

  const view = json(await afu9("executions", "view", id, "--json"));
  expect(view).toMatchObject({ id, approval: { step: "approval", role: "maintain" }, costUsd: 0.0123 });
  expect(view.steps.map((step: { status: string }) => step.status)).toEqual([
    "succeeded",
    "pending",
    "waiting",
    "pending",
  ]);
}, 90_000);

test("a part of an id that fits several executions lists them, and one that fits none says where to look", async () => {
  const beginning = "01234567-89ab-7cde-8f01";
  const ids = [`${beginning}-000000000001`, `${beginning}-000000000002`];
  for (const id of ids) await seedExecution(db, { id });
  const several = await afu9("executions", "view", beginning);
  expect(several.code).toBe(1);
  expect(several.stderr).toContain(ids[0]);
  expect(several.stderr).toContain(ids[1]);
  expect(json(await afu9("executions", "view", "00000002", "--json"))).toMatchObject({ id: ids[1] });

  expect(await afu9("executions", "view", "ffffffff")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("`npm run afu9 -- executions list` shows those there are."),
  });
  expect(await afu9("executions", "view", "0002", "--json")).toMatchObject({
    code: 2,
    stdout: expect.stringMatching(/^{"error":"Expected an execution's id, or at least 6 characters/),
  });
}, 90_000);

test("a mistyped command says which one may be meant, and an option what it may hold", async () => {
  expect(await afu9("executions", "folow", "x")).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringMatching(/Unknown command 'folow'\n\(Did you mean follow\?\)\n.*--help/),
  });
  expect(await afu9("execution")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("mean executions?"),
  });
  expect(json(await afu9("executions", "list", "--status", "done", "--json"))).toEqual({
    error: expect.stringMatching(/^--status: Expected one of "queued".*, got "done"\./),
  });
  expect(await afu9("executions")).toMatchObject({ code: 2, stdout: "" });
  expect(await afu9("--help")).toMatchObject({ code: 0, stderr: "" });
}, 90_000);

test("a database that is not there, or has no tables, is told apart from everything else, without its password", async () => {
  const away = await runAfu9("postgresql://me:hush@127.0.0.1:1/x", "executions", "list", "--json");
  expect(away).toMatchObject({
    code: 3,
    stdout: expect.stringContaining("x at 127.0.0.1:1 can't be reached"),
  });
  expect(away.stdout).not.toContain("hush");
  const empty = await createEmptyDatabase();
  try {
    const { code, stderr } = await runAfu9(empty.url, "executions", "list");
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining("npm run migrate") });
  } finally {
    await empty.drop();
  }
}, 90_000);
