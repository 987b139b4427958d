import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { openWorld, owner, repo, type World } from "../../local/github/testing/world.ts";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { createGitHubApp } from "../../shared/github.ts";
import { createLogger } from "../../shared/logger.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { report } from "./report.ts";
import { marker } from "./wording.ts";

const log = createLogger("test", "silent");
const opening = "name: w\non: {}\nsteps: [{ id: pr, tool: github.createPullRequest }]\n";
const reviewing = `name: w
on: {}
steps:
  - { id: review, agent: review }
  - { id: commit, tool: github.commitChanges }
  - { id: post, tool: github.createReview }
`;
let database: TestDatabase;
let db: Database;
let world: World;
const nudged: string[] = [];
const queues = {
  nudge: async (queue: string, id: string) => void nudged.push(`${queue} ${id}`),
  waiting: async () => 0,
  work() {},
  close: async () => {},
};
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 6 });
});
beforeEach(async () => {
  world = await openWorld();
  nudged.length = 0;
});
afterEach(async () => {
  await world.close();
  // The next GitHub begins with the same numbers.
  await db.prisma.workflowExecution.deleteMany();
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

type Made = { source?: string; number?: number; pullRequest?: object; publicUrl?: string; config?: object };

/** An issue, and an execution for it that has opened its pull request and ended. */
async function endedExecution(more: Made = {}) {
  const made = await execution(more);
  await left(made.id, "pr", { number: 9, headSha: made.sha });
  return made;
}

/** A step that has succeeded. */
async function left(id: string, step: string, output: object) {
  await db.pool.query(
    `INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status, output)
     VALUES (date_trunc('month', now())::date, $1, $2, 1, 0, 'succeeded', $3)`,
    [id, step, output],
  );
}

async function newIssue(): Promise<number> {
  return (await world.asPerson.rest.issues.create({ owner, repo, title: "A bug" })).data.number;
}

async function execution({ source = opening, number, pullRequest, config }: Made) {
  const issue = { number: number ?? (await newIssue()) };
  const { data: head } = await world.octokit.rest.git.getRef({ owner, repo, ref: "heads/main" });
  const { prisma } = db;
  const repositoryId = BigInt(world.repository.id);
  const known = { installationId: world.installation.id, owner, name: repo, defaultBranch: "main" };
  await prisma.repository.upsert({
    where: { id: repositoryId },
    create: { id: repositoryId, ...known },
    update: known,
  });
  const workflow = await prisma.workflow.create({ data: { name: "w", version: randomUUID(), source } });
  const deliveryId = randomUUID();
  const { id } = await prisma.workflowExecution.create({
    data: {
      workflowId: workflow.id,
      repositoryId,
      installationId: 1,
      issueNumber: issue.number,
      deliveryId,
      status: "succeeded",
      revision: 4,
      startedAt: new Date(),
      finishedAt: new Date(),
      config,
      trigger: {
        kind: "label",
        delivery: deliveryId,
        installation: world.installation.id,
        sender: { id: 1, login: "pat" },
        repository: { id: world.repository.id, owner, name: repo, defaultBranch: "main" },
        issue: { number: issue.number, title: "A bug" },
        pullRequest,
      },
    },
  });
  return { id, issue_number: issue.number, sha: head.object.sha };
}
function deps() {
  const settings = {
    APP_ID: world.app.id,
    PRIVATE_KEY: world.app.privateKey,
    GITHUB_API_URL: `${world.url}/api/v3`,
    GITHUB_SERVER_URL: world.url,
  };
  const more = { retry: { retryAfterBaseValue: 0 }, throttle: { enabled: false as const } };
  return { db, queues, log, serverUrl: world.url, github: createGitHubApp(settings, log, more) };
}
const row = (id: string) => db.prisma.workflowExecution.findUniqueOrThrow({ where: { id } });
async function comments(issue_number: number) {
  return (await world.octokit.rest.issues.listComments({ owner, repo, issue_number })).data;
}
async function checkRuns(ref: string) {
  return (await world.octokit.rest.checks.listForRef({ owner, repo, ref })).data.check_runs;
}
async function labels(issue_number: number) {
  const { data } = await world.octokit.rest.issues.listLabelsOnIssue({ owner, repo, issue_number });
  return data.map(({ name }) => name);
}
const set = (id: string, data: object) => db.prisma.workflowExecution.update({ where: { id }, data });

test("a report is one comment and one check run, and the next one changes these", async () => {
  const { id, issue_number, sha } = await endedExecution();
  await report(id, deps());
  await db.prisma.workflowExecution.update({ where: { id }, data: { status: "failed", revision: 5 } });
  await report(id, deps());
  const [comment, ...others] = await comments(issue_number);
  expect(others).toEqual([]);
  expect(comment?.body).toContain("### AFU-9 could not do this");
  expect(await checkRuns(sha)).toMatchObject([
    { external_id: id, status: "completed", conclusion: "failure" },
  ]);
  expect(await row(id)).toMatchObject({ reported: 5, commentId: BigInt(comment?.id ?? 0) });
  expect(nudged).toEqual([]);
});

const unknown = {
  ...{ commentId: null, commentKey: null },
  ...{ checkRunId: null, checkRunSha: null, checkRunKey: null, stateLabel: null },
};

test("what was made and not written down is found again", async () => {
  const { id, issue_number, sha } = await endedExecution();
  await report(id, deps());
  await db.prisma.workflowExecution.update({ where: { id }, data: { ...unknown, isReporting: true } });
  await report(id, deps());
  expect(await comments(issue_number)).toHaveLength(1);
  expect(await checkRuns(sha)).toHaveLength(1);
});

test("two reports at once make one comment; the one that came too late asks for another look", async () => {
  const { id, issue_number } = await endedExecution();
  await world.github.addFault({ method: "POST", path: "/repos/*/*/issues/*/comments", delayMs: 300 });
  await Promise.all([report(id, deps()), report(id, deps())]);
  expect(await comments(issue_number)).toHaveLength(1);
  expect(nudged).toEqual([`reports ${id}`]);
});

test("a person's comment that holds the marker is not taken for the report", async () => {
  const { id, issue_number } = await endedExecution();
  const body = `${marker(id)}\nAll is well.`;
  await world.asPerson.rest.issues.createComment({ owner, repo, issue_number, body });
  await report(id, deps());
  expect((await comments(issue_number)).map((comment) => comment.body === body)).toEqual([true, false]);
});

test("a comment of the App that quotes the marker is not taken for the report", async () => {
  const { id, issue_number } = await endedExecution();
  const body = `> ${marker(id)}`;
  await world.octokit.rest.issues.createComment({ owner, repo, issue_number, body });
  await report(id, deps());
  expect((await comments(issue_number)).map((comment) => comment.body === body)).toEqual([true, false]);
});

test("a report that somebody deleted is made again", async () => {
  const { id, issue_number } = await endedExecution();
  await report(id, deps());
  const [comment] = await comments(issue_number);
  await db.prisma.workflowExecution.update({ where: { id }, data: { status: "failed", revision: 5 } });
  await world.asPerson.rest.issues.deleteComment({ owner, repo, comment_id: comment?.id ?? 0 });
  await report(id, deps());
  const made = await comments(issue_number);
  expect(made).toHaveLength(1);
  expect((await row(id)).commentId).toBe(BigInt(made[0]?.id ?? 0));
});

test("when the issue is gone the check run comes to its end all the same, and the report counts as written", async () => {
  const { id, sha } = await endedExecution();
  await world.github.addFault({ path: "/repos/*/*/issues/*/comments", status: 410 });
  await report(id, deps());
  expect(await checkRuns(sha)).toMatchObject([{ status: "completed", conclusion: "success" }]);
  expect(await row(id)).toMatchObject({ reported: 4, commentId: null });
});

test("when the comment can't be written the check run comes to its end, and the report is tried again", async () => {
  const { id, sha } = await endedExecution();
  await world.github.addFault({ method: "POST", path: "/repos/*/*/issues/*/comments", status: 502 });
  await expect(report(id, deps())).rejects.toMatchObject({ status: 502 });
  expect(await checkRuns(sha)).toMatchObject([{ status: "completed" }]);
  expect((await row(id)).reported).toBeLessThan(4);
  await report(id, deps());
  expect((await row(id)).reported).toBe(4);
  expect(await checkRuns(sha)).toHaveLength(1);
});

test("the check run of one that is paused for a decision asks for it, and is in progress again when it goes on", async () => {
  const { id, issue_number, sha } = await endedExecution();
  const asks = { status: "paused", finishedAt: null, error: "The budget is spent.", revision: 5 };
  await set(id, asks);
  await report(id, deps());
  expect(await checkRuns(sha)).toMatchObject([
    {
      status: "completed",
      conclusion: "action_required",
      output: { title: "AFU-9 is paused and needs your decision" },
    },
  ]);
  // The sticky comment, and one that tells people: once, however often it is reported.
  await report(id, deps());
  const [sticky, question, ...more] = await comments(issue_number);
  expect(sticky?.body).toContain("The budget is spent.");
  expect(question?.body).toContain(
    "AFU-9 has paused here and needs a decision:\n\n```\nThe budget is spent.\n```",
  );
  expect(more).toEqual([]);
  await set(id, { status: "running", error: null, revision: 6 });
  await report(id, deps());
  expect(await checkRuns(sha)).toMatchObject([{ status: "in_progress", conclusion: null }]);
  await set(id, { status: "paused", revision: 7 });
  await report(id, deps());
  expect(await checkRuns(sha)).toMatchObject([{ conclusion: "action_required" }]);
  expect(await comments(issue_number)).toHaveLength(2);
  await set(id, { ...asks, fence: 1, revision: 8 });
  await report(id, deps());
  expect(await comments(issue_number)).toHaveLength(3);
});

test("what GitHub shows already is not sent again, and what the work has cost until now only with something else", async () => {
  const { id, issue_number } = await endedExecution();
  await set(id, { status: "running", finishedAt: null });
  await report(id, deps());
  await world.github.forgetRequests();
  const run = { executionId: id, stepId: "pr", agent: "a", provider: "p", model: "m", turns: 3, costUsd: 1 };
  await db.prisma.agentRun.create({ data: run });
  await set(id, { revision: 5 });
  await report(id, deps());
  expect(await world.github.requests()).toEqual([]);
  expect((await row(id)).reported).toBe(5);

  await set(id, { revision: 6, wish: "cancel" });
  await report(id, deps());
  const made = (await world.github.requests()).map(({ method, path }) => `${method} ${path}`);
  expect(made.filter((one) => !one.endsWith("/access_tokens")).sort()).toEqual([
    expect.stringMatching(/^PATCH .*\/check-runs\/\d+$/),
    expect.stringMatching(/^PATCH .*\/issues\/comments\/\d+$/),
  ]);
  expect((await comments(issue_number))[0]?.body).toContain("3 turns");
});

test("what a report makes first is made without a look: nothing was there before", async () => {
  const { id } = await endedExecution();
  await world.github.forgetRequests();
  await report(id, deps());
  const made = (await world.github.requests()).map(({ method, path }) => `${method} ${path}`);
  expect(made.filter((one) => !one.endsWith("/access_tokens")).sort()).toEqual([
    expect.stringMatching(/^POST .*\/check-runs$/),
    expect.stringMatching(/^POST .*\/comments$/),
    expect.stringMatching(/^POST .*\/labels$/),
  ]);
});

test("an issue wears one label of ours, as its newest execution stands, and keeps those of others", async () => {
  const { id, issue_number } = await endedExecution();
  await world.asPerson.rest.issues.addLabels({ owner, repo, issue_number, labels: ["afu9", "bug"] });
  const seen = [];
  for (const status of ["queued", "running", "waiting", "paused", "running", "failed"]) {
    await set(id, { status, revision: { increment: 1 } });
    await report(id, deps());
    seen.push(await labels(issue_number));
  }
  expect(seen.map(([afu9, bug, ...ours]) => [afu9, bug, ours.join()])).toEqual(
    ["queued", "running", "waiting", "waiting", "running", "failed"].map((state) => [
      "afu9",
      "bug",
      `afu9/${state}`,
    ]),
  );

  const newer = await endedExecution({ number: issue_number });
  await report(newer.id, deps());
  await set(id, { revision: { increment: 1 } });
  await report(id, deps());
  expect(await labels(issue_number)).toEqual(["afu9", "bug", "afu9/done"]);
  await set(newer.id, { status: "cancelled", revision: { increment: 1 } });
  await report(newer.id, deps());
  expect(await labels(issue_number)).toEqual(["afu9", "bug"]);
});

test("the labels are called as the repository calls them", async () => {
  const { id, issue_number } = await endedExecution({ config: { labels: { done: "bot: done" } } });
  await report(id, deps());
  expect(await labels(issue_number)).toEqual(["bot: done"]);
});

const finding = { path: "src/add.js", line: 1, severity: "major", title: "It subtracts", body: "See @pat." };

async function review(findings: object[]) {
  const { data: pull } = await world.octokit.rest.pulls.create({
    ...{ owner, repo, title: "Fix", head: "feature", base: "main" },
  });
  const head = { ref: "feature", sha: pull.head.sha, repository: `${owner}/${repo}` };
  const base = { ref: "main", sha: pull.base.sha };
  const pullRequest = { number: pull.number, head, base, isFork: false, byApp: false };
  const made = await execution({ source: reviewing, number: pull.number, pullRequest });
  await left(made.id, "review", { summary: "s", findings });
  return { ...made, head: pull.head.sha };
}

test("a review that found something is neutral, and says it on the lines, once", async () => {
  const { id, head } = await review([finding, { ...finding, side: "LEFT" }, ...Array(60).fill(finding)]);
  await report(id, deps());
  await set(id, { revision: 5, error: "Something to show." });
  await report(id, deps());
  const [run, ...more] = await checkRuns(head);
  expect(more).toEqual([]);
  expect(run).toMatchObject({ conclusion: "neutral", output: { annotations_count: 61 } });
  const of = { owner, repo, check_run_id: run?.id ?? 0 };
  const { data } = await world.octokit.rest.checks.listAnnotations(of);
  expect(data[0]).toMatchObject({
    path: "src/add.js",
    start_line: 1,
    annotation_level: "warning",
    title: "It subtracts",
    message: "See @\u200bpat.",
  });
});

test("annotations that were sent and not written down are not sent again", async () => {
  const { id, head } = await review([finding]);
  await report(id, deps());
  await set(id, { isReporting: true, isAnnotated: false, checkRunKey: null, revision: 5 });
  await report(id, deps());
  expect(await checkRuns(head)).toMatchObject([{ output: { annotations_count: 1 } }]);
});

test("a review that requests changes fails the check, and one without findings is a success", async () => {
  const { id, head } = await review([finding]);
  await left(id, "post", { state: "CHANGES_REQUESTED" });
  await report(id, deps());
  expect(await checkRuns(head)).toMatchObject([{ conclusion: "failure" }]);
});

test("a head that the execution pushed gets a check run of its own, and the one before is completed", async () => {
  const { id, head, sha } = await review([]);
  await set(id, { status: "running", finishedAt: null });
  await report(id, deps());
  await left(id, "commit", { sha });
  await set(id, { revision: 5 });
  await report(id, deps());
  expect(await checkRuns(head)).toMatchObject([
    { status: "completed", conclusion: "neutral", output: { title: "AFU-9 went on" } },
  ]);
  expect(await checkRuns(sha)).toMatchObject([{ status: "in_progress", external_id: id }]);
});

test.each(["removed", "suspended", "archived"] as const)(
  "of an execution whose repository is %s nothing is asked of GitHub, until the App may work there again",
  async (state) => {
    const { id, issue_number } = await execution({});
    const where = { id: BigInt(world.repository.id) };
    await db.prisma.repository.update({ where, data: { state } });
    await world.github.forgetRequests();
    await report(id, deps());
    expect(await world.github.requests()).toEqual([]);
    await db.prisma.repository.update({ where, data: { state: "active" } });
    await report(id, deps());
    expect(await comments(issue_number)).toHaveLength(1);
  },
);

test("a report is written to a repository under the name that it has now", async () => {
  const { id, issue_number } = await execution({});
  await world.github.changeRepository(`${owner}/${repo}`, { name: "renamed" });
  await db.prisma.repository.update({
    where: { id: BigInt(world.repository.id) },
    data: { name: "renamed" },
  });
  await report(id, deps());
  expect(await comments(issue_number)).toHaveLength(1);
  expect((await row(id)).reported).toBe((await row(id)).revision);
});
