import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { targetsText } from "../../test/open-deploy-server.ts";
import { targetList } from "../targets.ts";
import { type InLock, lockInDatabase, lockInProcess } from "./service-lock.ts";

let database: TestDatabase;
const pools: pg.Pool[] = [];
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(async () => {
  for (const pool of pools) await pool.end();
  await database.drop();
});

function anotherServer(): InLock {
  const pool = new pg.Pool({ connectionString: database.url });
  pools.push(pool);
  return lockInDatabase(pool);
}

const [web, live] = targetList.parse(targetsText);

test.each([
  ["servers that share a database", () => [anotherServer(), anotherServer()]],
  [
    "one process",
    () => {
      const lock = lockInProcess();
      return [lock, lock];
    },
  ],
] as const)("in %s a service is changed by one at a time, others meanwhile", async (_, open) => {
  const [one, other] = open();
  if (!web || !live || !one || !other) throw new Error("Expected two targets and two locks");
  const under = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const first = one(web, async () => {
    begun.resolve();
    await under.promise;
    return "first";
  });
  await begun.promise;
  await expect(other(web, async () => "second")).rejects.toThrow("nothing was changed");
  expect(await other(live, async () => "elsewhere")).toBe("elsewhere");
  under.resolve();
  expect(await first).toBe("first");
  expect(await other(web, async () => "second")).toBe("second");
});

test("a change that fails leaves the service free", async () => {
  const inLock = anotherServer();
  if (!web) throw new Error("Expected a target");
  await expect(inLock(web, () => Promise.reject(new Error("it broke")))).rejects.toThrow("it broke");
  expect(await inLock(web, async () => "next")).toBe("next");
});
