import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { parseWorkflow } from "../../shared/workflow.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { appId, clicked, fakeConfigs, fakeDeps, pullRequest } from "../../test/fake-context.ts";
import { addExecution } from "../../test/rows.ts";
import { readDecisions } from "../policy/decisions.ts";
import { policySettings } from "../policy/policy-settings.ts";
import { type SavedWorkflow, saveWorkflows } from "../start-execution.ts";
import { onCheckRunAction, onCheckRunRerequested, onCheckSuiteRerequested } from "./check-run.ts";

const nudged: string[] = [];
const queues = {
  nudge: async (queue: string, id: string) => void nudged.push(`${queue} ${id}`),
  waiting: async () => 0,
  work() {},
  close: async () => {},
};
const fixCi = `name: fix-ci
on: { command: { name: fix-ci, works-on: [pull-request] } }
steps: [{ id: x, tool: github.commitChanges, with: {} }]
`;
let database: TestDatabase;
let db: Database;
let workflows: SavedWorkflow[];
let replies: string[];
let deliveries = 0;
let policy = policySettings.parse({});
let configs = fakeConfigs();
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 4 });
  workflows = await saveWorkflows(db, [parseWorkflow(fixCi, "fix-ci.yml")]);
});
beforeEach(() => {
  replies = [];
  policy = policySettings.parse({});
  configs = fakeConfigs();
  nudged.length = 0;
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

type Press = Omit<Partial<Parameters<typeof clicked>[1]>, "run"> & { app?: number; on?: number };

/** A person clicks a button on the check run of an execution. Gives what they are answered. */
async function click(identifier: string, external: string, { app = appId, on, ...more }: Press = {}) {
  deliveries += 1;
  const pulls = on === undefined ? [] : [{ number: on }];
  const run = { app: { id: app }, external_id: external, pull_requests: pulls };
  const happening = { delivery: `click-${deliveries}`, run, ...more };
  const deps = fakeDeps({ db, queues, workflows, policy, configs });
  if (identifier === "Re-run") await onCheckRunRerequested(clicked("rerequested", happening, replies), deps);
  else await onCheckRunAction(clicked(identifier, happening, replies), deps);
  return replies.splice(0).join("\n");
}
const row = (id: string) => db.prisma.workflowExecution.findUniqueOrThrow({ where: { id } });
const asks = (executionId: string, contentHash: string, more: object = {}) =>
  db.prisma.approval.create({
    data: {
      ...{ executionId, stepId: "x", contentHash, content: {}, rules: {} },
      ...{ expiresAt: new Date("2100-01-01"), ...more },
    },
  });
const first = `aaaaaaaa${"0".repeat(56)}`;
const second = `bbbbbbbb${"0".repeat(56)}`;

test("Cancel, Resume, Retry and Re-run do what the commands do, and are not answered", async () => {
  const { id } = await addExecution(db, { status: "paused" });
  expect(await click("resume", id)).toBe("");
  expect((await row(id)).status).toBe("queued");
  expect(await click("cancel", id)).toBe("");
  expect(await row(id)).toMatchObject({ status: "cancelled", error: "Cancelled by pat." });
  expect(await click("retry", id)).toBe("");
  expect(await row(id)).toMatchObject({ status: "queued", round: 2 });
  await db.prisma.workflowExecution.update({ where: { id }, data: { status: "failed" } });
  expect(await click("Re-run", id)).toBe("");
  expect(await row(id)).toMatchObject({ status: "queued", round: 3 });
  expect(nudged.every((nudge) => nudge.endsWith(id))).toBe(true);
  expect(
    await db.prisma.executionControl.findFirst({ where: { executionId: id, kind: "retry" } }),
  ).toMatchObject({ needs: "write", requesterId: 7n });
});

test("who may not is told so once, on the pull request, and nothing is done", async () => {
  const { id } = await addExecution(db, { status: "failed" });
  for (const name of ["retry", "cancel", "resume", "fix", "Re-run"]) {
    const answer = await click(name, id, { role: "triage", on: 77 });
    expect(answer).toContain("needs the role `write` in this repository, and yours is `triage`");
    expect(answer).toContain("@pat clicked a button of mine here.");
  }
  expect(await db.prisma.executionControl.count({ where: { executionId: id } })).toBe(0);
  expect((await row(id)).status).toBe("failed");
});

test("what can't be done is answered with how it stands", async () => {
  const { id } = await addExecution(db, { status: "succeeded" });
  expect(await click("cancel", id)).toContain("it has ended already (succeeded)");
  expect(await click("Re-run", id)).toContain("There is nothing to retry");
});

test("Approve counts for the content that the button was shown for, by the approval's own rules", async () => {
  const { id } = await addExecution(db, { status: "waiting", dueAt: null });
  await asks(id, first, { decision: "void" });
  await asks(id, second);
  expect(await click("approve:aaaaaaaa", id)).toContain("has changed since");
  expect(await click("approve:bbbbbbbb", id, { role: "write" })).toContain("needs the role `maintain`");
  expect(await click("approve:bbbbbbbb", id, { role: "maintain" })).toBe("");
  const where = { executionId: id, contentHash: second };
  expect(await db.prisma.approval.findFirst({ where })).toMatchObject({
    ...{ decision: "approved", decidedBy: 7n, decider: "pat" },
  });
  expect(nudged).toEqual([`executions ${id}`]);
});

/** A GitHub where one of them has the label that holds it. */
const holding = (number: number): Press["answers"] => ({
  "issues.get": ({ issue_number }: { issue_number?: number }) => ({
    labels: issue_number === number ? [{ name: "AFU9/hold" }] : [],
  }),
  "pulls.get": () => pullRequest(77, { labels: [{ name: "afu9/hold" }] }),
});

test("a refused click is answered in the repository's language", async () => {
  configs = fakeConfigs("language: de");
  const { id } = await addExecution(db);
  const answer = await click("cancel", id, { role: "triage" });
  expect(answer).toContain(
    "@pat hat hier auf eine meiner Schaltflächen geklickt. Abbrechen kann ich so nicht: ",
  );
  expect((await row(id)).status).toBe("queued");
});

test("on hold, what lets something go on is refused as its command is; what stops it is not", async () => {
  const asking = await addExecution(db, { status: "waiting", dueAt: null });
  await asks(asking.id, first);
  const paused = await addExecution(db, { status: "paused" });
  const failed = await addExecution(db, { status: "failed" });
  const held = { on: 77, answers: holding(77) };
  for (const [name, { id }] of [
    ["approve:aaaaaaaa", asking],
    ["resume", paused],
    ["retry", failed],
    ["Re-run", failed],
    ["fix", failed],
  ] as const)
    expect([name, await click(name, id, held)]).toEqual([
      name,
      expect.stringContaining("Nothing starts or goes on here while the label `afu9/hold` is set."),
    ]);
  expect((await row(asking.id)).dueAt).toBeNull();
  expect((await row(paused.id)).status).toBe("paused");
  expect((await row(failed.id)).status).toBe("failed");
  expect(await db.prisma.workflowExecution.count({ where: { issueNumber: 77 } })).toBe(0);
  expect(await click("reject:aaaaaaaa", asking.id, held)).toBe("");
  expect(await click("cancel", paused.id, held)).toBe("");
});

test("an issue on hold holds what goes on from the pull request that was opened for it", async () => {
  const { id, issueNumber } = await addExecution(db, { status: "paused" });
  expect(await click("resume", id, { on: 80, answers: holding(issueNumber) })).toContain("`afu9/hold`");
  expect(await click("resume", id, { on: 80, answers: holding(81) })).toBe("");
});

test("a refused click is told by why, a bot's too, which is not answered", async () => {
  const { id } = await addExecution(db, { status: "failed" });
  await click("Re-run", id, { on: 82, role: "read" });
  const bot = { id: 3, login: "x[bot]", type: "Bot" };
  expect(await click("retry", id, { on: 82, sender: bot })).toBe("");
  expect(await readDecisions(db, { repository: 5, number: 82 })).toMatchObject([
    { actor: "x[bot]", wish: "the button Retry", reason: expect.stringContaining("is a bot") },
    { actor: "pat", wish: "the button Re-run", reason: expect.stringContaining("needs the role `write`") },
  ]);
  expect((await row(id)).status).toBe("failed");
});

test("a bot that the operator let in presses what takes the role write, and what it starts asks for no role again", async () => {
  const { id } = await addExecution(db, { status: "failed" });
  policy.AFU9_ALLOWED_BOTS.add(3);
  const answers = { "pulls.get": () => pullRequest(83) };
  const sender = { id: 3, login: "x[bot]", type: "Bot" };
  expect(await click("fix", id, { on: 83, sender, answers })).toBe("");
  expect(await click("fix", id, { on: 84, answers: { "pulls.get": () => pullRequest(84) } })).toBe("");
  const started = await db.prisma.workflowExecution.findMany({
    where: { issueNumber: { in: [83, 84] } },
    orderBy: { issueNumber: "asc" },
  });
  expect(started.map(({ trigger }) => (trigger as { needs?: string }).needs)).toEqual([undefined, "write"]);
});

test("Fix starts nothing where the repository has switched it off", async () => {
  const { id } = await addExecution(db, { status: "failed" });
  configs = fakeConfigs("workflows: { fix-ci: false }");
  expect(await click("fix", id, { on: 85 })).toContain("The workflow `fix-ci` is switched off");
});

test("a click that is delivered twice is obeyed once", async () => {
  const { id } = await addExecution(db, { status: "failed" });
  const same = { delivery: "the-same" };
  await click("retry", id, same);
  await db.prisma.workflowExecution.update({ where: { id }, data: { status: "failed" } });
  await click("retry", id, same);
  expect(await row(id)).toMatchObject({ status: "failed", round: 2 });
});

test.each<[string, string, Press]>([
  ["another App's check run", "cancel", { app: 1 }],
  ["a button that is none of ours", "deploy", {}],
  ["a check run that names no execution", "cancel", {}],
])("%s does nothing", async (name, identifier, more) => {
  const { id } = await addExecution(db);
  const external = name.includes("no execution") ? "not-an-id" : id;
  expect(await click(identifier, external, more)).toBe("");
  expect((await row(id)).status).toBe("queued");
});

test("an execution of another repository is not reached", async () => {
  const { id } = await addExecution(db);
  const other = { id: 6, installationId: 1, owner: "acme", name: "other", defaultBranch: "main" };
  await db.prisma.repository.createMany({ data: [other], skipDuplicates: true });
  await db.prisma.workflowExecution.update({ where: { id }, data: { repositoryId: 6 } });
  await click("cancel", id);
  expect((await row(id)).status).toBe("queued");
});

test("Fix starts fix-ci on the pull request, once; on a fork's it is refused", async () => {
  const { id } = await addExecution(db, { status: "failed" });
  const answers = { "pulls.get": () => pullRequest(78) };
  expect(await click("fix", id, { on: 78, answers })).toBe("");
  const started = await db.prisma.workflowExecution.findMany({ where: { issueNumber: 78 } });
  expect(started).toMatchObject([{ trigger: { kind: "command", pullRequest: { number: 78 } } }]);
  expect(await click("fix", id, { on: 78, answers })).toContain("I'm already working on this pull request");
  const repo = { id: 6, full_name: "eve/sample" };
  const fork = pullRequest(79, { head: { ref: "x", sha: "d".repeat(40), repo } });
  const ofFork = { "pulls.get": () => fork };
  expect(await click("fix", id, { on: 79, answers: ofFork })).toContain("forks I only read");
});

test("Re-run all checks retries what has failed on that commit, and what has not stays as it is", async () => {
  const failed = await addExecution(db, { status: "failed" });
  const done = await addExecution(db, { status: "succeeded" });
  const elsewhere = await addExecution(db, { status: "failed" });
  const on = (id: string, checkRunSha: string) =>
    db.prisma.workflowExecution.update({ where: { id }, data: { checkRunSha } });
  await Promise.all([on(failed.id, "sha"), on(done.id, "sha"), on(elsewhere.id, "other")]);
  const suite = { app: { id: appId }, head_sha: "sha" };
  await onCheckSuiteRerequested(
    clicked("suite", { delivery: "suite-1", suite }, replies),
    fakeDeps({ db, queues, workflows }),
  );
  const states = await Promise.all([failed, done, elsewhere].map(async ({ id }) => (await row(id)).status));
  expect(states).toEqual(["queued", "succeeded", "failed"]);
});
