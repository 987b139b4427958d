import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { connectDatabase, type Database } from "./db.ts";
import { withLock } from "./with-lock.ts";

let database: TestDatabase;
let here: Database;
let elsewhere: Database;
beforeEach(async () => {
  database = await createDatabase();
  here = connectDatabase(database.url, { max: 2 });
  elsewhere = connectDatabase(database.url, { max: 2 });
});
afterEach(async () => {
  await here.close();
  await elsewhere.close();
  await database.drop();
});

/** Work that goes on until it is told to end. */
function longWork() {
  const began = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const work = () => {
    began.resolve();
    return end.promise;
  };
  return { work, began: began.promise, end: end.resolve };
}

test("many who hold a lock take a second one and ask the database, on two connections", async () => {
  const done: number[] = [];
  const work = (n: number) =>
    withLock(here.pool, `first ${n}`, async () => {
      await withLock(here.pool, `second ${n}`, async () => {
        const { rows } = await here.pool.query<{ n: number }>("SELECT $1::int AS n", [n]);
        done.push(...rows.map(({ n }) => n));
      });
    });
  await Promise.all([1, 2, 3, 4, 5, 6].map(work));
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6]);
});

test("one at a time holds a name, here and elsewhere, and then the next", async () => {
  const { work, began, end } = longWork();
  const first = withLock(here.pool, "name", work);
  await began;
  const never = async () => {
    throw new Error("Two are at work under one name.");
  };
  expect(await withLock(here.pool, "name", never)).toBe(false);
  expect(await withLock(elsewhere.pool, "name", never)).toBe(false);
  const later = [here, elsewhere].map(({ pool }) => withLock(pool, "name", async () => {}, 60_000));
  end();
  expect(await Promise.all([first, ...later])).toEqual([true, true, true]);
});

test("what fails frees its name", async () => {
  const fails = async () => {
    throw new Error("broken");
  };
  await expect(withLock(here.pool, "name", fails)).rejects.toThrow("broken");
  expect(await withLock(elsewhere.pool, "name", async () => {})).toBe(true);
});

test("a lost connection frees its names, and the next lock takes another", async () => {
  const { work, began, end } = longWork();
  const held = withLock(here.pool, "name", work);
  const outcome = held.catch((error: Error) => error);
  await began;
  const { rows } = await elsewhere.pool.query<{ isEnded: boolean }>(
    `SELECT pg_terminate_backend(l.pid) AS "isEnded" FROM pg_locks l JOIN pg_database d ON d.oid = l.database
      WHERE l.locktype = 'advisory' AND d.datname = current_database()`,
  );
  expect(rows).toEqual([{ isEnded: true }]);
  expect(await withLock(elsewhere.pool, "name", async () => {}, 60_000)).toBe(true);
  expect(await withLock(here.pool, "other", async () => {}, 60_000)).toBe(true);
  end();
  expect(await outcome).toBeInstanceOf(Error);
});
