import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { openWorld, owner, repo, type World } from "../../local/github/testing/world.ts";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { Refusal } from "../../shared/errors.ts";
import { createGitHubApp } from "../../shared/github.ts";
import { createLogger } from "../../shared/logger.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { eventually } from "../../test/eventually.ts";
import { redeliver } from "../redeliver.ts";
import { createMissedDeliveries } from "./missed-deliveries.ts";

const log = createLogger("test", "silent");
const { signal } = new AbortController();
const nudged: string[] = [];
const queues = {
  nudge: async (queue: string, id: string) => void nudged.push(`${queue} ${id}`),
  waiting: async () => 0,
  work() {},
  close: async () => {},
};
let database: TestDatabase;
let db: Database;
let world: World;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 3 });
});
beforeEach(async () => {
  world = await openWorld();
  await world.hooks.until("installation.created");
});
afterEach(() => world.close());
afterAll(async () => {
  await db.close();
  await database.drop();
});

function app() {
  const settings = {
    APP_ID: world.app.id,
    PRIVATE_KEY: world.app.privateKey,
    GITHUB_API_URL: `${world.url}/api/v3`,
    GITHUB_SERVER_URL: world.url,
  };
  return createGitHubApp(settings, log, { throttle: { enabled: false } });
}
const chore = () => createMissedDeliveries({ db, github: app(), log });
async function attempts() {
  const { octokit } = world.octokitApp;
  return octokit.paginate(octokit.rest.apps.listWebhookDeliveries, { per_page: 100 });
}
const requests = async (method: string, path: RegExp) =>
  (await world.github.requests()).filter((one) => one.method === method && path.test(one.path)).length;

/** Opens an issue whose delivery is answered with this status. Gives the delivery's GUID. */
async function issueAnswered(status: number): Promise<string> {
  const before = (await attempts()).length;
  world.hooks.answer.status = status;
  await world.asPerson.rest.issues.create({ owner, repo, title: "A bug" });
  const [newest] = await listed(before + 1);
  world.hooks.answer.status = 200;
  return newest?.guid ?? "";
}
const listed = (count: number) =>
  eventually(`${count} attempts to be listed`, async () => {
    const list = await attempts();
    return list.length === count ? list : undefined;
  });
const store = (id: string, status: "received" | "processed" | "failed" = "processed") =>
  db.prisma.webhookDelivery.create({
    data: { id, event: "issues", payload: Buffer.from("{}"), status, error: "away", processedAt: new Date() },
  });

test("what was not delivered is asked for once, and what has arrived or is stored is not", async () => {
  const missed = await issueAnswered(502);
  await store(await issueAnswered(504));
  await issueAnswered(200);
  await chore()(signal);
  const [newest, ...others] = await listed(5);
  expect(newest).toMatchObject({ guid: missed, redelivery: true, status_code: 200 });
  expect(others.filter(({ redelivery }) => redelivery)).toEqual([]);
  await chore()(signal);
  expect(await requests("POST", /attempts$/)).toBe(1);
});

test("what fails again is asked for again after longer and longer waits, and after seven attempts no more", async () => {
  await issueAnswered(502);
  world.hooks.answer.status = 500;
  const began = Date.now();
  let minutes = 0;
  const turn = createMissedDeliveries({ db, github: app(), log, clock: () => began + minutes * 60_000 });
  const asked: number[] = [];
  for (minutes of [0, 4, 6, 10, 21, 79, 81, 319, 321, 1_279, 1_281, 3_000]) {
    await turn(signal);
    const count = await requests("POST", /attempts$/);
    if (count > asked.length) asked.push(minutes);
    // Each attempt is in the list before the next turn: it is the list that says how many there were.
    await listed(2 + count);
  }
  expect(asked).toEqual([0, 6, 21, 81, 321, 1_281]);
});

test("what a turn has settled is not read again", async () => {
  for (let issue = 0; issue < 100; issue += 1) {
    await world.asPerson.rest.issues.create({ owner, repo, title: "A bug" });
  }
  await listed(101);
  const began = Date.now();
  let minutes = 10;
  const turn = createMissedDeliveries({ db, github: app(), log, clock: () => began + minutes * 60_000 });
  const pages = async () => {
    const before = await requests("GET", /deliveries$/);
    await turn(signal);
    return (await requests("GET", /deliveries$/)) - before;
  };
  expect(await pages()).toBe(2);
  minutes = 20;
  expect(await pages()).toBe(1);
});

test("a stored delivery is handled once more, and another one is asked for from GitHub", async () => {
  const deps = { db, queues, github: app() };
  const stored = await issueAnswered(200);
  await store(stored, "failed");
  expect(await redeliver(stored, deps)).toBe("stored");
  expect(nudged).toEqual([`deliveries ${stored}`]);
  expect(await db.prisma.webhookDelivery.findUniqueOrThrow({ where: { id: stored } })).toMatchObject({
    status: "received",
    error: null,
    processedAt: null,
  });

  const missing = await issueAnswered(502);
  expect(await redeliver(missing, deps)).toBe("github");
  const [newest] = await listed(4);
  expect(newest).toMatchObject({ guid: missing, redelivery: true });

  await expect(redeliver("no-such-delivery", deps)).rejects.toThrow(Refusal);
});
