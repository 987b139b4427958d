import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../shared/db.ts";
import { loadWorkflow } from "../shared/workflow.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { commented, fakeDeps, happened, pullRequest } from "../test/fake-context.ts";
import { addExecution } from "../test/rows.ts";
import type { AppDeps } from "./deps.ts";
import { onIssueComment } from "./handlers/issue-comment.ts";
import { onPullRequest } from "./handlers/pull-request.ts";
import { onReviewSubmitted } from "./handlers/pull-request-review.ts";
import { onWorkflowRunCompleted } from "./handlers/workflow-run.ts";
import { saveWorkflows } from "./start-execution.ts";

const files = [
  "name: plan\non: { command: run }\nsteps: [{ id: x, tool: github.createBranch }]\n",
  "name: look\non: { command: { name: look, aliases: [peek], works-on: [issue, pull-request] }, pull_request: {} }\nsteps: [{ id: x, tool: github.addComment }]\n",
  "name: mend\non: { command: { name: mend, works-on: [pull-request] }, workflow_run: {}, pull_request_review: {} }\nsteps: [{ id: x, tool: github.commitChanges }]\n",
].map((text, at) => loadWorkflow(text, `${at}.yml`));
const queues = { nudge: async () => {}, waiting: async () => 0, work() {}, close: async () => {} };
const bot = { id: 8, login: "afu-9[bot]", type: "Bot" };
const fork = { ref: "main", sha: "f".repeat(40), repo: { id: 6, full_name: "stranger/sample" } };
let database: TestDatabase;
let db: Database;
let deps: AppDeps;
let replies: string[];
let number = 0;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 4 });
  deps = fakeDeps({ db, queues, workflows: await saveWorkflows(db, files) });
});
beforeEach(() => {
  replies = [];
  number += 1;
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const started = async () => {
  const rows = await db.prisma.workflowExecution.findMany({
    where: { issueNumber: number, trigger: { path: ["kind"], not: "label" } },
    include: { workflow: true },
    orderBy: { createdAt: "asc" },
  });
  return rows.map(({ workflow, trigger }) => ({ workflow: workflow.name, trigger }));
};
const names = async () => (await started()).map(({ workflow }) => workflow);
const endAll = () =>
  db.prisma.workflowExecution.updateMany({ where: { issueNumber: number }, data: { status: "failed" } });

/** An execution has opened the pull request. */
async function opened(): Promise<void> {
  const { id } = await addExecution(db, { status: "succeeded" });
  const at = { startedAt: new Date(), completedAt: new Date(), durationMs: 1, prevHash: "", hash: "" };
  const call = { server: "github", tool: "createPullRequest", arguments: {}, result: { number } };
  await db.prisma.mcpToolCall.create({ data: { executionId: id, sequence: 1, stepId: "x", ...call, ...at } });
}

let deliveries = 0;
const next = () => `pull-${++deliveries}`;

async function say(body: string, pull: object | null = pullRequest(number), more: object = {}) {
  const issue = { number, ...(pull && { pull_request: {} }), ...more };
  const happening = { delivery: next(), issue, comment: { id: 100 + deliveries, body } };
  const answers = { "pulls.get": () => pull };
  await onIssueComment(commented({ ...happening, answers }, replies), deps);
  return replies.at(-1) ?? "";
}

async function runEnded(more: object = {}, commits: object[] = [{ sha: "b".repeat(40), author: bot }]) {
  const run = { id: 70, run_attempt: 1, name: "CI", html_url: "https://x/70", conclusion: "failure" };
  const head = { head_branch: `afu9/issue-${number}`, head_sha: "b".repeat(40), head_repository: { id: 5 } };
  const answers = { "pulls.list": () => [pullRequest(number)], "repos.listCommits": () => commits };
  const context = happened(
    "workflow_run",
    { action: "completed", workflow_run: { ...run, ...head, ...more } },
    { delivery: next(), sender: bot, answers },
    replies,
  );
  await onWorkflowRunCompleted(context, deps);
}

async function pulled(more: object = {}, happening: object = {}) {
  const payload = { action: "opened", pull_request: pullRequest(number, more) };
  await onPullRequest(happened("pull_request", payload, { delivery: next(), ...happening }, replies), deps);
}

test("a command works where its definition says, and elsewhere the answer says where", async () => {
  expect(await say("/afu9 run")).toContain("`/afu9 run` works on an issue. Write it there");
  expect(await say("/afu9 mend", null)).toContain("`/afu9 mend` works on a pull request.");
  expect(await names()).toEqual([]);
  await say("/afu9 peek at it");
  await say("/afu9 mend");
  expect(await names()).toEqual(["look", "mend"]);
  expect((await started())[0]?.trigger).toMatchObject({
    kind: "command",
    instructions: "at it",
    issue: { number },
    pullRequest: {
      number,
      head: { ref: `afu9/issue-${number}`, sha: "b".repeat(40), repository: "acme/sample" },
      base: { ref: "main" },
      isFork: false,
      byApp: false,
    },
  });
});

test("a pull request from a fork is read, and never changed", async () => {
  for (const head of [fork, { ...fork, repo: null }]) {
    await endAll();
    expect(await say("/afu9 mend", pullRequest(number, { head }))).toContain("forks I only read");
    await say("/afu9 look", pullRequest(number, { head }));
  }
  expect(await names()).toEqual(["look", "look"]);
  expect((await started())[1]?.trigger).toMatchObject({ pullRequest: { isFork: true } });
});

test("what only reads runs beside what changes something; a second of either waits for the first", async () => {
  await say("/afu9 mend");
  await say("/afu9 look");
  expect(await say("/afu9 mend")).toContain("already working on this pull request");
  expect(await say("/afu9 look")).toContain("already working on this pull request");
  expect(await names()).toEqual(["mend", "look"]);
  await say("/afu9 cancel");
  const [mend, look] = await db.prisma.workflowExecution.findMany({
    where: { issueNumber: number },
    orderBy: { createdAt: "asc" },
  });
  expect([mend?.status, look?.status]).toEqual(["cancelled", "queued"]);
});

test("a closed pull request is left alone", async () => {
  expect(await say("/afu9 look", pullRequest(number), { state: "closed" })).toContain(
    "This pull request is closed. Reopen it",
  );
  expect(await names()).toEqual([]);
});

test("the pull request of a person who may write starts what reads; a bot's and a stranger's start nothing", async () => {
  await pulled({}, { sender: bot });
  await pulled({ state: "closed" });
  await pulled({ head: fork }, { role: "read" });
  expect(await names()).toEqual([]);
  await pulled({}, { role: "write" });
  expect(await started()).toMatchObject([{ workflow: "look", trigger: { kind: "pull_request" } }]);
  expect(replies).toEqual([]);
});

test("a review starts what changes something only on a pull request that AFU-9 opened", async () => {
  const review = { id: 3, state: "changes_requested", html_url: "https://x/3", user: { type: "User" } };
  const submit = (more: object = {}, happening: object = {}, pull: object = {}) =>
    onReviewSubmitted(
      happened(
        "pull_request_review",
        { action: "submitted", pull_request: pullRequest(number, pull), review: { ...review, ...more } },
        { delivery: next(), ...happening },
        replies,
      ),
      deps,
    );
  await submit();
  await opened();
  await submit({ state: "approved" });
  await submit({}, { role: "triage" });
  await submit({ user: bot }, { sender: bot });
  await submit({}, {}, { head: { ref: "x", sha: "d".repeat(40), repo: { id: 6, full_name: "eve/sample" } } });
  expect(await names()).toEqual([]);
  await submit();
  expect(await started()).toMatchObject([{ workflow: "mend", trigger: { review: { id: 3 } } }]);
});

test("a failed run on the head of our own pull request starts its repair, and no other run does", async () => {
  await runEnded();
  await opened();
  await runEnded({ conclusion: "success" });
  await runEnded({ head_sha: "a".repeat(40) });
  await runEnded({ head_repository: { id: 6 } });
  expect(await names()).toEqual([]);
  await runEnded();
  const run = { id: 70, attempt: 1, name: "CI", conclusion: "failure", url: "https://x/70" };
  expect(await started()).toMatchObject([{ workflow: "mend", trigger: { kind: "workflow_run", run } }]);
  await runEnded({ id: 71 });
  expect(await names()).toHaveLength(1);
});

test("after two rounds since a person's push it stops and says so once; a person's push begins anew", async () => {
  await opened();
  for (const _round of [1, 2]) {
    await runEnded();
    await endAll();
  }
  await runEnded();
  await runEnded({ id: 71 });
  expect(await names()).toHaveLength(2);
  expect(replies).toEqual([expect.stringContaining("`CI` has failed again after I tried 2 times")]);

  // What it began at lies below the person's commit.
  const person = { type: "User" };
  const commits = ["d", "b"].map((digit) => ({
    sha: digit.repeat(40),
    author: digit === "d" ? person : bot,
  }));
  await runEnded({}, commits);
  expect(await names()).toHaveLength(3);
});
