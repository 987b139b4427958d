// The database that the command line asks, and what it says when there is none.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startPostgres } from "../local/postgres.ts";
import { applyMigrations } from "../prisma/migrate.ts";
import { createDatabase } from "../test/database.ts";
import { Unreachable } from "./exit-codes.ts";
import { findDatabase } from "./find-database.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "afu9-find-database-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

test("DATABASE_URL comes first", async () => {
  const database = await createDatabase();
  try {
    expect(await findDatabase({ env: { DATABASE_URL: database.url }, root })).toBe(database.url);
  } finally {
    await database.drop();
  }
});

test("without it, the PostgreSQL of npm start is found while it runs, and none is started", async () => {
  const find = () => findDatabase({ env: {}, root });
  await expect(find()).rejects.toThrow("Start it with `npm start`, or set DATABASE_URL.");

  const postgres = await startPostgres({ dataDir: join(root, ".afu9/postgres"), persistent: true });
  try {
    await expect(find()).rejects.toThrow("does not have this version's tables");
    await applyMigrations(postgres.url);
    expect(await find()).toBe(postgres.url);
  } finally {
    await postgres.stop();
  }
  await expect(find()).rejects.toThrow("no PostgreSQL runs on");
});

test("what a killed server left behind is not taken for one that runs", async () => {
  const left = join(root, "killed");
  await mkdir(join(left, ".afu9/postgres/data"), { recursive: true });
  await writeFile(join(left, ".afu9/postgres/password"), "hush");
  await writeFile(join(left, ".afu9/postgres/data/postmaster.pid"), "1\n/data\n1\n1\n\n127.0.0.1\n");
  const found = findDatabase({ env: {}, root: left });
  await expect(found).rejects.toThrow(/afu9 at 127.0.0.1:1 can't be reached: .*ECONNREFUSED/);
  await expect(found).rejects.toThrow("Start it with `npm start`");
});

test.each(["nonsense", "mysql://a:hush@b/c", "postgresql://a:hush@127.0.0.1:1/c", "postgresql://%%/"])(
  "an address that is not usable is refused without its password: %s",
  async (url) => {
    const error = await findDatabase({ env: { DATABASE_URL: url }, root }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unreachable);
    expect(String(error)).toContain("DATABASE_URL");
    expect(String(error)).not.toContain("hush");
  },
);
