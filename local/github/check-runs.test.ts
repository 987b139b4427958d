import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openWorld, owner, refusalOf, repo, type World } from "./testing/world.ts";

let world: World;
let head_sha: string;
beforeAll(async () => {
  world = await openWorld();
  head_sha = (await world.github.repository(`${owner}/${repo}`)).branches.feature ?? "";
});
afterAll(() => world.close());

const here = { owner, repo };
const create = (more: object) =>
  world.octokit.rest.checks.create({ ...here, name: "verify", head_sha, ...more });
const annotation = { path: "a", start_line: 1, end_line: 1, annotation_level: "notice", message: "m" };

test.each([
  ["more than 65,535 characters", { output: { title: "t", summary: "x".repeat(65_536) } }],
  [
    "more than 50 annotations at once",
    { output: { title: "t", summary: "s", annotations: Array(51).fill(annotation) } },
  ],
  ["more than 3 buttons", { actions: Array(4).fill({ label: "l", description: "d", identifier: "i" }) }],
  [
    "a label of more than 20 characters",
    { actions: [{ label: "x".repeat(21), description: "d", identifier: "i" }] },
  ],
  ["completion without a conclusion", { status: "completed" }],
  ["a commit that is not there", { head_sha: "1".repeat(40) }],
])("%s is refused", async (_, more) => {
  expect((await refusalOf(create(more)))?.status).toBe(422);
});

test("a conclusion completes a run, and annotations of several requests add up", async () => {
  const { data: run } = await create({ name: "annotated", status: "in_progress" });
  const on = { ...here, check_run_id: run.id };
  for (const _ of [1, 2]) {
    const output = { title: "t", summary: "s", annotations: Array(50).fill(annotation) };
    await world.octokit.rest.checks.update({ ...on, output });
  }
  const { data } = await world.octokit.rest.checks.update({ ...on, conclusion: "failure" });
  expect(data).toMatchObject({
    status: "completed",
    conclusion: "failure",
    output: { annotations_count: 100 },
  });
  await world.hooks.until("check_run.completed");
});

test("the newest run of a name counts, and only its own App changes it", async () => {
  await create({ name: "twice", conclusion: "failure" });
  const { data: newest } = await create({ name: "twice", conclusion: "success", external_id: "42" });
  const { data } = await world.octokit.rest.checks.listForRef({
    ...here,
    ref: "feature",
    check_name: "twice",
  });
  expect(data).toMatchObject({ total_count: 1, check_runs: [{ id: newest.id, external_id: "42" }] });

  const other = await world.github.createApp({ name: "Other", permissions: { checks: "write" } });
  const { id } = await world.github.install({ appId: other.id, owner });
  const { App } = await import("octokit");
  const app = new App({
    appId: other.id,
    privateKey: other.privateKey,
    Octokit: world.octokit.constructor as never,
  });
  const octokit = await app.getInstallationOctokit(id);
  const change = octokit.request("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
    ...here,
    check_run_id: newest.id,
  });
  expect((await refusalOf(change))?.status).toBe(403);
});
