import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { openWorld, owner, repo, type World } from "../../local/github/testing/world.ts";
import type { Prisma } from "../../prisma/generated/client.ts";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { createGitHubApp } from "../../shared/github.ts";
import { createLogger } from "../../shared/logger.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { report } from "../report/report.ts";
import { workerChores } from "./chores.ts";

const log = createLogger("test", "silent");
const source = "name: w\non: {}\nsteps: [{ id: pr, tool: github.createPullRequest }]\n";
const { signal } = new AbortController();
const nudged: string[] = [];
let waiting = 0;
const queues = {
  waiting: async () => waiting,
  nudge: async (queue: string, id: string) => void nudged.push(`${queue} ${id}`),
  work() {},
  close: async () => {},
};
let database: TestDatabase;
let db: Database;
let world: World;
beforeAll(async () => {
  world = await openWorld();
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 6 });
  await db.prisma.workflow.create({ data: { name: "w", version: "1", source } });
  const id = BigInt(world.repository.id);
  const { id: installationId } = world.installation;
  await db.prisma.repository.create({
    data: { id, installationId, owner, name: repo, defaultBranch: "main" },
  });
});
beforeEach(async () => {
  await db.pool.query("TRUNCATE workflow_executions CASCADE");
  nudged.length = 0;
});
afterAll(async () => {
  await db.close();
  await database.drop();
  await world.close();
});

function deps() {
  const settings = {
    APP_ID: world.app.id,
    PRIVATE_KEY: world.app.privateKey,
    GITHUB_API_URL: `${world.url}/api/v3`,
    GITHUB_SERVER_URL: world.url,
  };
  const more = { retry: { enabled: false }, throttle: { enabled: false as const } };
  return { db, queues, log, serverUrl: world.url, github: createGitHubApp(settings, log, more) };
}
async function turn(name: string): Promise<string[]> {
  await workerChores(deps())
    .find((chore) => chore.name === name)
    ?.work(signal);
  return nudged.splice(0);
}
const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);

async function execution(columns: Partial<Prisma.WorkflowExecutionUncheckedCreateInput>): Promise<string> {
  const { id: workflowId } = await db.prisma.workflow.findFirstOrThrow();
  const { data: issue } = await world.asPerson.rest.issues.create({ owner, repo, title: "A bug" });
  const deliveryId = randomUUID();
  const row = await db.prisma.workflowExecution.create({
    data: {
      workflowId,
      installationId: BigInt(world.installation.id),
      repositoryId: BigInt(world.repository.id),
      issueNumber: issue.number,
      deliveryId,
      trigger: {
        kind: "label",
        delivery: deliveryId,
        installation: world.installation.id,
        sender: { id: 1, login: "pat" },
        repository: { id: world.repository.id, owner, name: repo, defaultBranch: "main" },
        issue: { number: issue.number, title: "A bug" },
      },
      ...columns,
    },
  });
  return row.id;
}

test("executions that are due and that nobody runs are nudged, and no others", async () => {
  const lost = await execution({ dueAt: ago(3) });
  const abandoned = await execution({ dueAt: ago(2), status: "running", leaseUntil: ago(1) });
  await execution({ dueAt: ago(3), status: "running", leaseUntil: ago(-60) });
  await execution({ dueAt: ago(-60), status: "waiting" });
  await execution({ dueAt: null, status: "paused" });
  expect(await turn("executions")).toEqual([`executions ${lost}`, `executions ${abandoned}`]);
});

test("while jobs wait for a slot, no more of them are made", async () => {
  await execution({ dueAt: ago(3) });
  waiting = 1;
  expect(await turn("executions")).toEqual([]);
  waiting = 0;
  expect(await turn("executions")).toHaveLength(1);
});

test("however many are due, a few are nudged", async () => {
  await execution({ dueAt: ago(3) });
  await db.pool.query(
    `INSERT INTO workflow_executions (id, workflow_id, installation_id, repository_id, issue_number, delivery_id, trigger, due_at)
     SELECT gen_random_uuid(), workflow_id, installation_id, repository_id, 100000 + n, 'many-' || n, trigger, due_at
       FROM workflow_executions, generate_series(1, 1000) n`,
  );
  expect(await turn("executions")).toHaveLength(50);
});

test("the reports of ended executions that are behind are asked for", async () => {
  const behind = await execution({ status: "failed", finishedAt: ago(21), revision: 3, reported: 2 });
  await execution({ status: "failed", finishedAt: ago(21), revision: 3, reported: 3 });
  await execution({ status: "running", revision: 3, reported: 2 });
  expect(await turn("reports")).toEqual([`reports ${behind}`]);
});

test("an execution that has not begun after ten seconds is reported, once", async () => {
  const late = await execution({ createdAt: ago(11), dueAt: ago(11) });
  await execution({ createdAt: ago(11), dueAt: ago(11), reported: 0 });
  await execution({ createdAt: ago(5), dueAt: ago(5) });
  expect(await turn("reports")).toEqual([`reports ${late}`]);
});

test("the report of an execution that waits and is behind is asked for within some turns", async () => {
  const behind = await execution({ status: "waiting", dueAt: ago(-60), revision: 3, reported: 2 });
  await execution({ status: "waiting", dueAt: ago(-60), revision: 3, reported: 3 });
  await execution({ status: "paused", dueAt: null, revision: 3, reported: 2, leaseUntil: ago(-60) });
  const asked = new Set<string>();
  // Each turn takes one in twenty: that none of a thousand takes it has a chance of 10^-22.
  for (let count = 0; count < 1_000 && asked.size === 0; count++)
    for (const id of await turn("reports")) asked.add(id);
  expect([...asked]).toEqual([`reports ${behind}`]);
});

test("a check run that is open although its execution has ended is found and closed, also beside one that is gone", async () => {
  const { data: head } = await world.octokit.rest.git.getRef({ owner, repo, ref: "heads/main" });
  const check = async (status: "in_progress" | "completed") => {
    const conclusion = status === "completed" ? { conclusion: "success" as const } : {};
    const state = { name: "AFU-9", head_sha: head.object.sha, status, ...conclusion };
    const { data } = await world.octokit.rest.checks.create({ owner, repo, ...state });
    return BigInt(data.id);
  };
  const ended = { status: "succeeded" as const, finishedAt: ago(61), dueAt: null, revision: 4, reported: 4 };
  const open = await check("in_progress");
  await execution({ ...ended, checkRunId: 999_999n });
  const stuck = await execution({ ...ended, checkRunId: open });
  await execution({ ...ended, checkRunId: await check("completed") });
  await execution({ status: "running", checkRunId: await check("in_progress") });
  expect(await turn("check-runs")).toEqual([`reports ${stuck}`]);

  await db.pool.query(
    `INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status, output)
     VALUES (date_trunc('month', now())::date, $1, 'pr', 1, 0, 'succeeded', $2)`,
    [stuck, { number: 9, url: "u", headSha: head.object.sha }],
  );
  await report(stuck, deps());
  const { data } = await world.octokit.rest.checks.get({ owner, repo, check_run_id: Number(open) });
  expect(data).toMatchObject({ status: "completed", conclusion: "success" });
  expect(await turn("check-runs")).toEqual([]);
});
