import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openWorld, owner, repo, type World } from "../local/github/testing/world.ts";
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

/** Pushes the file to the default branch. */
async function write(content: string): Promise<void> {
  const git = world.asPerson.rest.git;
  const at = { owner, repo };
  const parent = (await git.getRef({ ...at, ref: "heads/main" })).data.object.sha;
  const file = { path: ".github/afu9.yml", mode: "100644", type: "blob", content } as const;
  const { data: tree } = await git.createTree({ ...at, base_tree: parent, tree: [file] });
  const commit = { ...at, message: "Configure", tree: tree.sha, parents: [parent] };
  const { data: made } = await git.createCommit(commit);
  await git.updateRef({ ...at, ref: "heads/main", sha: made.sha });
}

test("a repository without the file has the defaults", async () => {
  expect((await begin()).config).toMatchObject({ approval: { plan: false }, budget: {}, model: {} });
});

test("the file is read once for an execution, which keeps what it said then", async () => {
  await write("approval: { plan: true }\nbudget: { usd: 2 }\n");
  const { id, config } = await begin();
  expect(config).toMatchObject({ approval: { plan: true }, budget: { usd: 2 } });
  await write("approval: { plan: false }\n");
  await executions.expire(id);
  const again = await executions.claim(id);
  const unreachable = { id: 1 } as Parameters<typeof readConfig>[1]["github"];
  expect(await readConfig(again, { db: executions.db, github: unreachable })).toEqual(config);
});

test("a file that can't be used ends the execution with the key and what to do", async () => {
  await write("budget: { usd: much }\n");
  await expect(begin()).rejects.toThrow(
    /budget\.usd: .*expected number.*Correct it on the default branch, then `\/afu9 retry`/,
  );
});
