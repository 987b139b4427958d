import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Context } from "probot";
import { commitFiles } from "../local/github/testing/commit-files.ts";
import { openWorld, owner, repo, type World } from "../local/github/testing/world.ts";
import { connectDatabase, type Database } from "../shared/db.ts";
import { loadWorkflow } from "../shared/workflow.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { fakeDeps } from "../test/fake-context.ts";
import type { AppDeps } from "./deps.ts";
import { onChangedConfig } from "./handlers/changed-config.ts";
import { onPush } from "./handlers/push.ts";
import { createRepositoryConfigs } from "./repository-configs.ts";
import { saveWorkflows } from "./start-execution.ts";

const at = { owner, repo };
const path = ".github/afu9.yml";
const review = "name: review\non: { command: review }\nsteps: [{ id: x, tool: a.b }]\n";
const queues = { nudge: async () => {}, waiting: async () => 0, work() {}, close: async () => {} };
let world: World;
let database: TestDatabase;
let db: Database;
let deps: AppDeps;
beforeAll(async () => {
  world = await openWorld();
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 4 });
  const workflows = await saveWorkflows(db, [loadWorkflow(review, "review.yml")]);
  const configs = createRepositoryConfigs(db);
  deps = fakeDeps({ db, queues, workflows, configs, appId: world.app.id });
});
afterAll(async () => {
  await db?.close();
  await database?.drop();
  await world?.close();
});

/** The newest webhook of that name, once it is about this commit, as Probot hands it over. */
async function delivered<Name extends "push" | "pull_request.opened" | "pull_request.synchronize">(
  name: Name,
  commit: string,
) {
  for (let count = 1; ; count++) {
    const payload = (await world.hooks.until(name, count))[count - 1]?.payload;
    if (!JSON.stringify(payload).includes(`"${commit}"`)) continue;
    const context: unknown = { id: `${name} ${commit}`, payload, octokit: world.octokit, repo: () => at };
    return context as Context<Name>;
  }
}

/** A person pushes the file to the default branch, and AFU-9 hears of it. */
async function push(text: string | null, name = path): Promise<string> {
  const commit = await commitFiles(world.asPerson, at, { [name]: text });
  await onPush(await delivered("push", commit), deps);
  return commit;
}

/** The check run on a commit, with its annotations. */
async function checkOn(ref: string) {
  const { data } = await world.asPerson.rest.checks.listForRef({
    ...{ ...at, ref, check_name: "AFU-9 config" },
    filter: "all",
  });
  expect(data.total_count).toBeLessThanOrEqual(1);
  const [run] = data.check_runs;
  if (!run) return undefined;
  const { data: annotations } = await world.asPerson.rest.checks.listAnnotations({
    ...at,
    check_run_id: run.id,
  });
  return { conclusion: run.conclusion, summary: run.output.summary, annotations };
}

const holds = async () => (await deps.configs.of(await delivered("push", await head()))).labels.start;
const head = async () =>
  (await world.asPerson.rest.repos.getBranch({ ...at, branch: "main" })).data.commit.sha;

test("the first file of all is broken: the lines are annotated, and the defaults hold", async () => {
  const commit = await push("labels:\n  start: [robot]\n\nverifi: npm test\n");
  expect(await checkOn(commit)).toMatchObject({
    conclusion: "failure",
    summary: expect.stringContaining("there is no earlier version that could be used"),
    annotations: [
      { path, start_line: 2, annotation_level: "failure", message: expect.stringContaining("labels.start") },
      { path, start_line: 4, message: "verifi: there is no such key. Did you mean `verify`?" },
    ],
  });
  expect(await holds()).toBe("afu9");
});

test("mended it is a success, broken again the version before stays in force, and removed the defaults do", async () => {
  const mended = await push("labels: { start: robot }\n");
  expect(await checkOn(mended)).toMatchObject({ conclusion: "success", annotations: [] });
  const { rows } = await db.pool.query(
    "SELECT sha, commit FROM config_files WHERE source LIKE 'repository:%'",
  );
  expect(rows).toEqual([{ sha: expect.any(String), commit: mended }]);

  const broken = await push("labels: { start: robot }\nbudget: { usd: -1 }\n");
  expect(await checkOn(broken)).toMatchObject({
    conclusion: "failure",
    summary: expect.stringContaining(`in force stays the version before it (\`${rows[0].sha.slice(0, 7)}\`)`),
    annotations: [{ start_line: 2 }],
  });
  expect(await holds()).toBe("robot");

  expect(await checkOn(await push(null))).toMatchObject({ conclusion: "success" });
  expect(await holds()).toBe("afu9");
});

test("a delivery that comes twice makes one check run, and a push of other files none", async () => {
  const commit = await push("network: maybe\n");
  await onPush(await delivered("push", commit), deps);
  expect(await checkOn(commit)).toMatchObject({ conclusion: "failure" });
  expect(await checkOn(await push("hello", "notes.md"))).toBeUndefined();
});

test("what has no effect is a warning on its line", async () => {
  const commit = await push("workflows:\n  reveiw: false\nroles:\n  budget: read\n  rnu: write\n");
  expect(await checkOn(commit)).toMatchObject({
    conclusion: "success",
    annotations: [
      { start_line: 2, annotation_level: "warning", message: expect.stringContaining("mean `review`") },
      { start_line: 5, message: expect.stringContaining("roles.rnu: there is no command `rnu` here.") },
      { start_line: 4, message: "roles.budget: it needs the role `write` at least, and that holds." },
    ],
  });
});

test("a pull request that changes the file has the check run on its head, and one that does not has none", async () => {
  await push("labels: { start: robot }\n");
  const open = async (branch: string, files: Record<string, string>) => {
    await world.asPerson.rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha: await head() });
    const commit = await commitFiles(world.asPerson, { ...at, branch }, files);
    await world.asPerson.rest.pulls.create({ ...at, title: branch, head: branch, base: "main" });
    await onChangedConfig(await delivered("pull_request.opened", commit), deps);
    return commit;
  };
  expect(await checkOn(await open("words", { "words.md": "hello" }))).toBeUndefined();
  expect(await checkOn(await open("broken", { [path]: "verify: [\n" }))).toMatchObject({
    conclusion: "failure",
    summary: expect.stringContaining("in force would stay the version before it"),
    annotations: [{ annotation_level: "failure" }],
  });
  const mended = await commitFiles(
    world.asPerson,
    { ...at, branch: "broken" },
    { [path]: "verify: make test\n" },
  );
  await onChangedConfig(await delivered("pull_request.synchronize", mended), deps);
  expect(await checkOn(mended)).toMatchObject({
    conclusion: "success",
    summary: expect.stringContaining("as soon as it is on the default branch"),
  });
  expect(await holds()).toBe("robot");
});
