import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { triggerFor } from "../../test/rows.ts";
import { seedExecution } from "../../test/seed-execution.ts";
import { createBackground } from "./background.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const day = (of: number) => new Date(Date.UTC(2026, 10, of));

test("earlier attempts are the ended executions of this repository and issue before this one", async () => {
  const on = (issueNumber: number, of: number, more = {}) =>
    seedExecution(db, { issueNumber, createdAt: day(of), startedAt: day(of), ...more });
  const ended = { status: "failed" as const, error: "Verification failed 4 times.", finishedAt: day(9) };
  const first = await on(70, 1, { ...ended, status: "succeeded", error: null });
  await on(70, 2, ended);
  await on(71, 2, ended);
  const mine = await on(70, 5);
  await on(70, 6, ended);
  await db.prisma.mcpToolCall.create({
    data: {
      ...{ executionId: first, sequence: 1, stepId: "pull", server: "github", tool: "createPullRequest" },
      ...{ arguments: {}, result: { number: 12 }, startedAt: day(1), completedAt: day(1), durationMs: 1 },
      ...{ prevHash: "0", hash: "1" },
    },
  });

  const { earlierAttempts } = createBackground(db.pool, { id: mine, trigger: triggerFor("d", 70) });
  expect(await earlierAttempts()).toEqual([
    { createdAt: day(1), workflow: "seeded", status: "succeeded", error: null, pullRequest: 12 },
    {
      ...{ createdAt: day(2), workflow: "seeded", status: "failed", pullRequest: null },
      error: "Verification failed 4 times.",
    },
  ]);
});
