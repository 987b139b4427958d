import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commitFiles } from "../local/github/testing/commit-files.ts";
import { openWorld, owner, repo, type World } from "../local/github/testing/world.ts";
import { configSource, forgetConfigFile } from "../shared/config-files.ts";
import { createGitHubApp } from "../shared/github.ts";
import { createLogger } from "../shared/logger.ts";
import { type Executions, openExecutions } from "../test/executions.ts";
import { readConfig } from "./read-config.ts";

let world: World;
let executions: Executions;
beforeAll(async () => {
  world = await openWorld();
  executions = await openExecutions();
});
afterAll(async () => {
  await executions?.close();
  await world?.close();
});

/** Reads the configuration as a worker does that has just claimed a new execution. */
async function begin() {
  const id = await executions.add();
  const claim = await executions.claim(id);
  const here = { ...claim.trigger.repository, id: world.repository.id, owner, name: repo };
  const trigger = { ...claim.trigger, installation: world.installation.id, repository: here };
  const settings = {
    APP_ID: world.app.id,
    PRIVATE_KEY: world.app.privateKey,
    GITHUB_API_URL: `${world.url}/api/v3`,
    GITHUB_SERVER_URL: world.url,
  };
  const github = createGitHubApp(settings, createLogger("test", "silent"));
  return { id, config: await readConfig({ ...claim, trigger }, { db: executions.db, github }) };
}

/** Pushes the file to the default branch, which the app hears of. */
async function write(content: string): Promise<void> {
  await commitFiles(world.asPerson, { owner, repo }, { ".github/afu9.yml": content });
  await forgetConfigFile(executions.db.pool, configSource.repository(world.repository.id));
}

const noticeOf = async (id: string) => (await executions.row(id)).configNotice;

test("a file that could never be used leaves the defaults, and the report says so", async () => {
  await write("budget: { usd: much }\n");
  const { id, config } = await begin();
  expect(config).toMatchObject({ approval: { plan: false }, budget: {}, model: {} });
  expect(await noticeOf(id)).toMatch(
    /no earlier version that can be used\.\n\n```\n1: budget\.usd: .*expected number/,
  );
});

test("the file is read once for an execution, which keeps what it said then", async () => {
  await write("approval: { plan: true }\nbudget: { usd: 2 }\n");
  const { id, config } = await begin();
  expect(config).toMatchObject({ approval: { plan: true }, budget: { usd: 2 } });
  expect(await noticeOf(id)).toBeNull();
  await write("approval: { plan: false }\n");
  await executions.expire(id);
  const again = await executions.claim(id);
  const unreachable = { id: 1 } as Parameters<typeof readConfig>[1]["github"];
  expect(await readConfig(again, { db: executions.db, github: unreachable })).toEqual(config);
});

test("a file that can't be used any more leaves in force what it said before", async () => {
  await write("approval: { plan: true }\n");
  await begin();
  await write("approval: { plan: yes please }\nverifi: npm test\n");
  const { id, config } = await begin();
  expect(config).toMatchObject({ approval: { plan: true } });
  expect(await noticeOf(id)).toMatch(
    /the last version that could be used\.\n\n```\n1: approval\.plan: .*\n2: verifi: .*Did you mean `verify`/,
  );
});

test("what was read within the last minute is not asked for again, unless a push has changed it", async () => {
  await write("approval: { plan: true }\n");
  await begin();
  const before = (await world.github.requests()).length;
  await begin();
  expect(await world.github.requests()).toHaveLength(before);
  await write("approval: { plan: false }\n");
  expect((await begin()).config).toMatchObject({ approval: { plan: false } });
});
