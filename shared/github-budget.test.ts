import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { openWorld, owner, refusalOf, repo, type World } from "../local/github/testing/world.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { connectDatabase, type Database } from "./db.ts";
import { createGitHubApp } from "./github.ts";
import { GitHubBusy, type LimitStore } from "./github-budget.ts";
import { createDatabaseLimits, createProcessLimits } from "./github-limit-stores.ts";
import { createLogger } from "./logger.ts";

let database: TestDatabase;
let db: Database;
let world: World;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url);
});
afterAll(async () => {
  await db?.close();
  await database?.drop();
});
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
  await db.pool.query("TRUNCATE github_waits, github_content");
});

const permissions = { issues: "write", contents: "read" } as const;
const issues = "/repos/*/*/issues";

/** A process with its own client, which knows nothing but what its limits tell. */
function startProcess(limits: LimitStore = createDatabaseLimits(db.pool)) {
  const settings = {
    APP_ID: world.app.id,
    PRIVATE_KEY: world.app.privateKey,
    GITHUB_API_URL: `${world.url}/api/v3`,
    GITHUB_SERVER_URL: world.url,
  };
  const app = createGitHubApp(settings, createLogger("test", "silent"), {
    limits,
    throttle: { enabled: false },
    retry: { retryAfterBaseValue: 0 },
  });
  const octokit = app.octokitFor({ installation: world.installation.id, repo, permissions });
  return {
    octokit,
    list: () => octokit.rest.issues.listForRepo({ owner, repo }),
    create: () => octokit.rest.issues.create({ owner, repo, title: "A bug" }),
  };
}

const asked = async () => (await world.github.requests()).length;
async function busy(request: Promise<unknown>): Promise<GitHubBusy> {
  const error = await request.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GitHubBusy)) throw new Error(`Expected a GitHubBusy, got ${error}`);
  return error;
}

test.each([403, 429])(
  "after one process is told to wait for a minute (%i), the other sends nothing",
  async (status) => {
    const [one, other] = [startProcess(), startProcess()];
    await world.github.addFault({ method: "GET", path: issues, status, retryAfter: 60 });
    expect((await busy(one.list())).waitSeconds).toBe(60);
    await world.github.forgetRequests();
    for (const request of [other.list, other.create, one.list]) {
      const { waitSeconds, message } = await busy(request());
      expect(waitSeconds).toBeGreaterThan(50);
      expect(message).toMatch(
        /^Nothing was sent to GitHub: its limit \(secondary\) is reached for another \d+ s\./,
      );
    }
    expect(await asked()).toBe(0);
  },
);

test("a short wait is waited out, by whoever was told and by the others", async () => {
  const [one, other] = [startProcess(), startProcess()];
  await world.github.addFault({ method: "POST", path: issues, status: 403, retryAfter: 1 });
  const first = one.create();
  expect((await first).status).toBe(201);
  await world.github.addFault({ method: "GET", path: issues, status: 429, retryAfter: 1 });
  const told = one.list();
  expect((await Promise.all([told, other.list()])).map(({ status }) => status)).toEqual([200, 200]);
});

test("once the hour is used up nothing is sent until it is over, and other resources stay open", async () => {
  const [one, other] = [startProcess(), startProcess()];
  await world.github.setLimits({ requestsPerHour: 1 });
  await one.list();
  await world.github.forgetRequests();
  const { waitSeconds, message } = await busy(other.list());
  expect(waitSeconds).toBeGreaterThan(3_500);
  expect(message).toContain("(core)");
  expect(await asked()).toBe(0);
  expect(await one.octokit.graphql("{ viewer { login } }")).toMatchObject({
    viewer: { login: "test-app[bot]" },
  });
});

test("a permission that is missing is no limit", async () => {
  const one = startProcess();
  expect(await refusalOf(one.octokit.rest.pulls.list({ owner, repo }))).toMatchObject({ status: 403 });
  expect((await one.list()).status).toBe(200);
});

test("what was written and used the hour up is not lost", async () => {
  await world.github.setLimits({ requestsPerHour: 1 });
  expect((await startProcess().create()).status).toBe(201);
});

const stores = [
  ["shared", () => createDatabaseLimits(db.pool)],
  ["of one process", createProcessLimits],
] as const;

test.each(stores)("content (%s) is bounded, for each installation by itself", async (_, open) => {
  const limits = [open(), open()];
  const take = async (installation: number, count: number) => {
    const waits: number[] = [];
    for (let index = 0; index < count; index += 1) {
      waits.push((await limits[_ === "shared" ? index % 2 : 0]?.takeContent(installation)) ?? 0);
    }
    return waits;
  };
  const waits = await take(1, 71);
  expect(waits.slice(0, 70)).toEqual(Array(70).fill(0));
  expect(waits[70]).toBeGreaterThan(0);
  expect(waits[70]).toBeLessThanOrEqual(70_000);
  expect(await take(2, 1)).toEqual([0]);
});

test("in no hour more than 500 pieces of content are created", async () => {
  const limits = createDatabaseLimits(db.pool);
  await db.pool.query(
    `INSERT INTO github_content (installation_id, slot, count)
     SELECT 1, date_bin('10 s', now(), 'epoch') - make_interval(mins => minute), 12 FROM generate_series(10, 49) minute`,
  );
  const { waitSeconds, message } = await busy(startProcess(forInstallation(limits, 1)).create());
  expect(waitSeconds).toBeGreaterThan(500);
  expect(message).toContain("(content)");
  expect((await startProcess(forInstallation(limits, 1)).list()).status).toBe(200);
});

/** Counts whoever asks as this installation. */
function forInstallation(limits: LimitStore, installation: number): LimitStore {
  return { ...limits, takeContent: () => limits.takeContent(installation) };
}

test("while the limits can't be looked up nothing is sent", async () => {
  const gone = connectDatabase(database.url);
  await gone.close();
  const one = startProcess(createDatabaseLimits(gone.pool));
  await expect(one.create()).rejects.toThrow(
    "Nothing was sent to GitHub: its limits could not be looked up.",
  );
  expect(await asked()).toBe(0);
});

test("many requests look the limits up once", async () => {
  let queries = 0;
  const count = () => {
    queries += 1;
  };
  db.pool.on("acquire", count);
  const limits = createDatabaseLimits(db.pool);
  await Promise.all(Array.from({ length: 20 }, () => limits.waits(1)));
  db.pool.off("acquire", count);
  expect(queries).toBe(1);
});
