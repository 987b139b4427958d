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
const source = "name: w\non: {}\nsteps: [{ id: pr, tool: github.createPullRequest }]\n";
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
afterEach(() => world.close());
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** An issue, and an execution for it that has opened its pull request and ended. */
async function endedExecution() {
  const { data: issue } = await world.asPerson.rest.issues.create({ owner, repo, title: "A bug" });
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
      finishedAt: new Date(),
      trigger: {
        kind: "label",
        delivery: deliveryId,
        installation: world.installation.id,
        sender: { id: 1, login: "pat" },
        repository: { id: world.repository.id, owner, name: repo, defaultBranch: "main" },
        issue: { number: issue.number, title: "A bug" },
      },
    },
  });
  const output = { number: 9, url: "u", headSha: head.object.sha };
  await db.pool.query(
    `INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status, output)
     VALUES (date_trunc('month', now())::date, $1, 'pr', 1, 0, 'succeeded', $2)`,
    [id, output],
  );
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
  return { db, queues, log, github: createGitHubApp(settings, log, more) };
}
const row = (id: string) => db.prisma.workflowExecution.findUniqueOrThrow({ where: { id } });
async function comments(issue_number: number) {
  return (await world.octokit.rest.issues.listComments({ owner, repo, issue_number })).data;
}
async function checkRuns(ref: string) {
  return (await world.octokit.rest.checks.listForRef({ owner, repo, ref })).data.check_runs;
}

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

test("what was made and not written down is found again", async () => {
  const { id, issue_number, sha } = await endedExecution();
  await report(id, deps());
  await db.prisma.workflowExecution.update({ where: { id }, data: { commentId: null, checkRunId: null } });
  await report(id, deps());
  expect(await comments(issue_number)).toHaveLength(1);
  expect(await checkRuns(sha)).toHaveLength(1);
});

test("two reports at once make one comment; the one that came too late asks for another look", async () => {
  const { id, issue_number } = await endedExecution();
  await world.github.addFault({ method: "GET", path: "/repos/*/*/issues/*/comments", delayMs: 300 });
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
  await world.asPerson.rest.issues.deleteComment({ owner, repo, comment_id: comment?.id ?? 0 });
  await report(id, deps());
  const made = await comments(issue_number);
  expect(made).toHaveLength(1);
  expect((await row(id)).commentId).toBe(BigInt(made[0]?.id ?? 0));
});

test("when the issue is gone the check run comes to its end all the same, and the report counts as written", async () => {
  const { id, sha } = await endedExecution();
  await world.github.addFault({ path: "/repos/*/*/issues/*/comments", status: 410, times: 2 });
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
  const set = (data: object) => db.prisma.workflowExecution.update({ where: { id }, data });
  const asks = { status: "paused", finishedAt: null, error: "The budget is spent.", revision: 5 };
  await set(asks);
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
  await set({ status: "running", error: null, revision: 6 });
  await report(id, deps());
  expect(await checkRuns(sha)).toMatchObject([{ status: "in_progress", conclusion: null }]);
  await set({ status: "paused", revision: 7 });
  await report(id, deps());
  expect(await checkRuns(sha)).toMatchObject([{ status: "in_progress" }]);
  expect(await comments(issue_number)).toHaveLength(2);
  await set({ ...asks, fence: 1, revision: 8 });
  await report(id, deps());
  expect(await comments(issue_number)).toHaveLength(3);
});
