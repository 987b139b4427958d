import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { createLogger } from "../../shared/logger.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { removeOld } from "./retention.ts";

const log = createLogger("test", "silent");
const { signal } = new AbortController();
const retentionDays = 90;
let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 3 });
});
beforeEach(() =>
  db.pool.query("TRUNCATE repositories, workflows, webhook_deliveries, workflow_steps CASCADE"),
);
afterAll(async () => {
  await db.close();
  await database.drop();
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const clean = (aborted = signal) => removeOld({ db, retentionDays, log }, aborted);

type Age = { began: number; ended?: number };

/** An execution with one row of each kind. Its times are days ago. */
async function execution({ began, ended }: Age): Promise<string> {
  const { prisma, pool } = db;
  // Several executions are made at the same time, and an upsert that updates nothing fails then.
  const repository = { id: 5n, installationId: 1n, owner: "acme", name: "sample", defaultBranch: "main" };
  await prisma.repository.createMany({ data: [repository], skipDuplicates: true });
  const name = randomUUID();
  const workflow = await prisma.workflow.create({ data: { name, version: "1", source: "" } });
  const issueNumber = await prisma.workflowExecution.count();
  const { id } = await prisma.workflowExecution.create({
    data: {
      workflowId: workflow.id,
      installationId: 1n,
      repositoryId: 5n,
      issueNumber,
      deliveryId: name,
      trigger: {},
      status: ended === undefined ? "waiting" : "succeeded",
      createdAt: daysAgo(began),
      finishedAt: ended === undefined ? null : daysAgo(ended),
      agentRuns: {
        create: {
          stepId: "plan",
          agent: "plan",
          provider: "p",
          model: "m",
          messages: { create: { sequence: 0, message: {} } },
        },
      },
      artifacts: { create: { sha256: "0", content: Buffer.from("x") } },
    },
  });
  await pool.query(
    `INSERT INTO mcp_tool_calls (id, execution_id, sequence, step_id, server, tool, arguments, started_at, completed_at, duration_ms, prev_hash, hash)
     VALUES (gen_random_uuid(), $1, 0, 'plan', 's', 't', '{}', now(), now(), 0, '', '')`,
    [id],
  );
  await pool.query(
    `INSERT INTO workflow_steps (execution_month, execution_id, step_id, attempt, position, status)
     SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date, id, 'plan', 1, 0, 'succeeded' FROM workflow_executions WHERE id = $1`,
    [id],
  );
  return id;
}

/** How many rows of each kind an execution has. */
async function rowsOf(id: string): Promise<Record<string, number>> {
  const { rows } = await db.pool.query(
    `SELECT (SELECT count(*)::int FROM agent_messages m JOIN agent_runs r ON r.id = m.agent_run_id WHERE r.execution_id = $1) AS messages,
            (SELECT count(*)::int FROM mcp_tool_calls WHERE execution_id = $1) AS calls,
            (SELECT count(*)::int FROM artifacts WHERE execution_id = $1) AS artifacts,
            (SELECT count(*)::int FROM workflow_steps WHERE execution_id = $1) AS steps,
            (SELECT count(*)::int FROM agent_runs WHERE execution_id = $1) AS runs,
            (SELECT count(*)::int FROM workflow_executions WHERE id = $1) AS executions`,
    [id],
  );
  return rows[0];
}
const all = { messages: 1, calls: 1, artifacts: 1, steps: 1, runs: 1, executions: 1 };
const summary = { messages: 0, calls: 0, artifacts: 0, steps: 0, runs: 1, executions: 1 };

test("of executions that ended long ago the summary stays, all others keep everything", async () => {
  const old = await Promise.all([
    execution({ began: 200, ended: 91 }),
    execution({ began: 400, ended: 399 }),
  ]);
  const recent = await execution({ began: 200, ended: 89 });
  const waiting = await execution({ began: 200 });
  await clean();
  for (const id of old) expect(await rowsOf(id)).toEqual(summary);
  expect(await rowsOf(recent)).toEqual(all);
  expect(await rowsOf(waiting)).toEqual(all);
  expect(await db.prisma.workflow.count()).toBe(4);
});

test("any number goes, batch after batch, and whoever stops stops between two batches", async () => {
  const ids: string[] = [];
  for (let count = 0; count < 45; count += 1) ids.push(await execution({ began: 200, ended: 100 }));
  const stopped = new AbortController();
  stopped.abort();
  await clean(stopped.signal);
  expect(await rowsOf(ids[0] ?? "")).toEqual(all);
  await clean();
  for (const id of ids) expect(await rowsOf(id)).toEqual(summary);
});

test("old deliveries go, but not those that nobody has taken yet", async () => {
  const payload = Buffer.from("{}");
  const delivery = (id: string, status: "received" | "processed" | "failed", days: number) => ({
    id,
    event: "issues",
    payload,
    status,
    receivedAt: daysAgo(days),
  });
  await db.prisma.webhookDelivery.createMany({
    data: [
      ...Array.from({ length: 501 }, (_, index) => delivery(`old-${index}`, "processed", 91)),
      delivery("old-failed", "failed", 91),
      delivery("old-waiting", "received", 91),
      delivery("recent", "processed", 89),
    ],
  });
  const decided = { repositoryId: 5n, issueNumber: 1, actor: "pat", wish: "/afu9 run", reason: "no" };
  await db.prisma.triggerDecision.createMany({
    data: [91, 89].map((days) => ({ ...decided, deliveryId: `${days}`, createdAt: daysAgo(days) })),
  });
  await db.prisma.issueHold.createMany({
    data: [91, 89].map((days) => ({
      ...{ repositoryId: 5n, issueNumber: days, isHeld: true, changedAt: daysAgo(days) },
    })),
  });
  await clean();
  expect(await db.prisma.issueHold.findMany()).toMatchObject([{ issueNumber: 89 }]);
  expect(await db.prisma.triggerDecision.findMany()).toMatchObject([{ deliveryId: "89" }]);
  const left = await db.prisma.webhookDelivery.findMany({ orderBy: { id: "asc" } });
  expect(left.map(({ id }) => id)).toEqual(["old-waiting", "recent"]);
});
