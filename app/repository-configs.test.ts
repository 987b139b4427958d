import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Context } from "probot";
import { commitFiles } from "../local/github/testing/commit-files.ts";
import { openWorld, owner, repo, type World } from "../local/github/testing/world.ts";
import { connectDatabase, type Database } from "../shared/db.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { createRepositoryConfigs } from "./repository-configs.ts";

let world: World;
let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  world = await openWorld();
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 4 });
});
beforeEach(async () => {
  await db.pool.query("DELETE FROM config_files");
});
afterAll(async () => {
  await db?.close();
  await database?.drop();
  await world?.close();
});

const path = ".github/afu9.yml";
const write = (text: string, name = repo) =>
  commitFiles(world.asPerson, { owner, repo: name }, { [path]: text });

/** A webhook about the repository. */
function delivered() {
  const octokit = world.octokit as unknown as Context["octokit"];
  return { octokit, payload: { repository: { id: world.repository.id } }, repo: () => ({ owner, repo }) };
}

/** What was answered to each question for a file of configuration since the last look. */
let seen = 0;
async function questions(): Promise<number[]> {
  const all = await world.github.requests();
  const statuses = all
    .slice(seen)
    .flatMap(({ path, status }) => (path.includes("/contents/") ? [status] : []));
  seen = all.length;
  return statuses;
}

test("the file is read once in a delivery, and in the next one GitHub says that it has not changed", async () => {
  await write("labels: { start: robot }\n");
  const configs = createRepositoryConfigs(db);
  await questions();
  const first = delivered();
  const [one, other] = await Promise.all([configs.of(first), configs.effectiveOf(first)]);
  expect(one.labels.start).toBe("robot");
  expect(other.config).toBe(one);
  // The file, and the owner's, which is not there.
  expect((await questions()).sort()).toEqual([200, 404]);
  expect((await configs.of(delivered())).labels.start).toBe("robot");
  expect(await questions()).toEqual([304]);
});

test("a change is seen at the next delivery, and a broken one leaves the last that could be used", async () => {
  const configs = createRepositoryConfigs(db);
  await write("labels: { start: one }\n");
  expect((await configs.of(delivered())).labels.start).toBe("one");
  await write("labels: { start: two }\n");
  expect((await configs.of(delivered())).labels.start).toBe("two");
  await write("labels: { start: [three] }\n");
  const effective = await configs.effectiveOf(delivered());
  expect(effective.config.labels.start).toBe("two");
  expect(effective.broken).toEqual([
    { of: "repository", faults: [{ line: 1, message: expect.stringContaining("labels.start") }] },
  ]);
  await write("labels: { start: three }\n");
  expect(await configs.effectiveOf(delivered())).toMatchObject({
    config: { labels: { start: "three" } },
    broken: [],
  });
});

test("what the owner's `.github` repository says lies beneath", async () => {
  const { id } = await world.github.createRepository({ owner, name: ".github", from: world.source });
  await world.github.setCollaborator(`${owner}/.github`, world.person.login, "maintain");
  await write("labels: { start: ours, hold: stop }\n", ".github");
  await write("labels: { start: mine }\n");
  const configs = createRepositoryConfigs(db);
  expect((await configs.of(delivered())).labels).toMatchObject({ start: "mine", hold: "stop" });
  // In that repository itself it is the repository's own.
  const { octokit } = delivered();
  const itself = { octokit, payload: { repository: { id } }, repo: () => ({ owner, repo: ".github" }) };
  expect((await configs.effectiveOf(itself)).layers).toMatchObject({
    owner: {},
    repository: { labels: { start: "ours" } },
  });
});
