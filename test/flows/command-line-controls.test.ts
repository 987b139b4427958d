// What is asked of an execution from the command line, and how it is followed there.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { createDatabase, type TestDatabase } from "../database.ts";
import { eventually } from "../eventually.ts";
import { json, runAfu9, startAfu9 } from "../run-afu9.ts";
import { seedExecution, seedStep } from "../seed-execution.ts";

let database: TestDatabase;
let db: Database;
const running: ReturnType<typeof startAfu9>[] = [];
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 5 });
});
afterAll(async () => {
  for (const { child, ended } of running) {
    child.kill("SIGKILL");
    await ended;
  }
  await db.close();
  await database.drop();
});

const afu9 = (...args: string[]) => runAfu9(database.url, ...args);
function started(...args: string[]) {
  const one = startAfu9(database.url, ...args);
  running.push(one);
  return one;
}
const execution = (id: string) => db.prisma.workflowExecution.findUniqueOrThrow({ where: { id } });
const ended = (error: string | null = null) => ({ error, startedAt: new Date(), finishedAt: new Date() });
const held = () => ({
  status: "running" as const,
  fence: 1,
  startedAt: new Date(),
  leaseUntil: new Date(Date.now() + 60_000),
});

test("what nobody runs is paused, resumed and cancelled at once, in the name of who typed it", async () => {
  const id = await seedExecution(db);
  expect(await afu9("executions", "pause", id)).toMatchObject({ code: 0, stderr: "" });
  expect((await execution(id)).status).toBe("paused");
  const resumed = json(await afu9("executions", "resume", id, "--json"));
  expect(resumed).toEqual({ execution: id, kind: "resume", obeyed: true, status: "queued", wish: null });
  expect((await afu9("executions", "cancel", id)).stdout).toMatch(
    /^cancel: done. The execution is cancelled. /,
  );
  expect(await execution(id)).toMatchObject({ error: "Cancelled by the command line (kim)." });

  const refused = await afu9("executions", "cancel", id, "--json");
  expect(refused).toMatchObject({ code: 1, stderr: "" });
  expect(json(refused)).toEqual({ error: "It can't be cancelled: it has ended already (cancelled)." });
}, 90_000);

test("a failed execution is tried again from the step that is named, and only from one there is", async () => {
  const id = await seedExecution(db, { status: "failed", ...ended("No") });
  await seedStep(db, id, { stepId: "issue", position: 0 });
  await seedStep(db, id, { stepId: "plan", position: 1, status: "failed" });
  const refused = await afu9("executions", "retry", id, "--from", "paln");
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("There is no step `paln`.") });
  expect(await afu9("executions", "retry", id, "--from", "issue")).toMatchObject({ code: 0 });
  expect(await execution(id)).toMatchObject({ status: "queued", round: 2 });
}, 90_000);

test("a wish is waited for until a worker obeys it, or only asked for", async () => {
  const id = await seedExecution(db, held());
  expect(await afu9("executions", "steer", id, "Use", "a map", "--no-wait")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("steer: asked for, and not obeyed yet."),
  });
  expect(await db.prisma.executionControl.findMany({ where: { executionId: id } })).toMatchObject([
    { kind: "steer", text: "Use a map", requestedBy: "the command line (kim)" },
  ]);

  const pausing = started("executions", "pause", id, "--json");
  await eventually("the wish", async () => ((await execution(id)).wish === "pause" ? true : undefined));
  await db.prisma.executionControl.updateMany({ where: { executionId: id }, data: { obeyedAt: new Date() } });
  await db.prisma.workflowExecution.update({ where: { id }, data: { status: "paused", wish: null } });
  const { code, stdout } = await pausing.ended;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ kind: "pause", obeyed: true });
}, 90_000);

test("an execution is followed until it ends, and how it ends is the exit code", async () => {
  const id = await seedExecution(db, held());
  const following = started("executions", "follow", id);
  const lines: string[] = [];
  following.child.stdout?.on("data", (chunk: Buffer) => lines.push(chunk.toString()));
  const seen = (what: string) =>
    eventually(what, async () => (lines.join("").includes(what) ? true : undefined));
  await seen("running");
  await seedStep(db, id, { stepId: "issue", position: 0, durationMs: 250 });
  await seen("succeeded  Read the issue  250 ms");
  await db.prisma.workflowExecution.update({
    where: { id },
    data: { status: "failed", ...ended("It broke") },
  });
  expect(await following.ended).toMatchObject({ code: 1, stderr: "" });
  await seen("It broke");

  const done = await seedExecution(db, { status: "succeeded", ...ended() });
  await seedStep(db, done, { stepId: "issue", position: 0 });
  const followed = await afu9("executions", "follow", done, "--json");
  expect(followed.code).toBe(0);
  expect(
    followed.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { step: "issue", attempt: 1, status: "succeeded" },
    { execution: done, status: "succeeded" },
  ]);
  const gone = await seedExecution(db, { status: "cancelled", ...ended("Cancelled by pat.") });
  expect((await afu9("executions", "follow", gone)).code).toBe(4);
}, 90_000);

test("Ctrl-C ends the following only", async () => {
  const id = await seedExecution(db, held());
  const following = started("executions", "follow", id);
  await new Promise((resolve) => following.child.stdout?.once("data", resolve));
  following.child.kill("SIGINT");
  expect(await following.ended).toMatchObject({ code: 130, stderr: expect.stringContaining("It goes on.") });
  expect(await execution(id)).toMatchObject({ status: "running", wish: null });
}, 90_000);
