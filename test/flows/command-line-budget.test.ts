// What the command line tells of budgets.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { createDatabase, type TestDatabase } from "../database.ts";
import { json, runAfu9 } from "../run-afu9.ts";
import { seedExecution } from "../seed-execution.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 2 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const afu9 = (...args: string[]) => runAfu9(database.url, ...args);

test("what was spent is shown by month and day, with its limit, and only of the days that were asked for", async () => {
  expect((await afu9("budget")).stdout).toBe("Nothing was spent.\n");
  const id = await seedExecution(db);
  const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
  const [today, longAgo] = [day(0), day(400)];
  const limits = { limitUsd: 50, limitTokens: 2_000 };
  await db.prisma.budgetAccount.createMany({
    data: [
      { scope: "execution", owner: id, period: "", ...limits, spentUsd: 9 },
      { scope: "repository", owner: "1", period: today, ...limits, spentUsd: 41, spentTokens: 1_500 },
      { scope: "repository", owner: "1", period: longAgo, ...limits, spentUsd: 7 },
      {
        ...{ scope: "installation", owner: "77", period: today.slice(0, 7), ...limits },
        ...{ spentUsd: 45.5, reservedUsd: 0.25 },
      },
    ],
  });
  const { code, stdout } = await afu9("budget");
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ["WHEN", "BUDGET OF", "SPENT", "OF", "USED", "TOKENS", "OF", "UNDER WAY"],
    [today.slice(0, 7), "installation 77", "$45.50", "$50.00", "91 %", "0", "2,000", "$0.25"],
    [today, "acme/sample", "$41.00", "$50.00", "82 %", "1,500", "2,000", "-"],
  ]);
  expect(json(await afu9("budget", "--days", "500", "--repo", "Acme/Sample", "--json"))).toMatchObject([
    { scope: "repository", of: "acme/sample", period: today, spentUsd: 41, limitUsd: 50 },
    { scope: "repository", period: longAgo, spentUsd: 7 },
  ]);
  expect(await afu9("budget", "--days", "none")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--days: Expected a number, got "none".'),
  });
}, 90_000);
