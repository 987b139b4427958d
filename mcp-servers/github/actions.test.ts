import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";

let server: GithubServer;
beforeAll(async () => {
  server = await openGithubServer();
});
afterAll(() => server.close());

type Run = Parameters<GithubServer["world"]["github"]["addWorkflowRun"]>[1];
async function addRun(run: Partial<Run>): Promise<number> {
  const whole = { branch: "feature", conclusion: "failure", ...run };
  return (await server.world.github.addWorkflowRun(`${owner}/${repo}`, whole)).id;
}
const failed = (name: string, log: string) => ({ name, conclusion: "failure", log });

test("a run comes with its jobs, and with the logs of those that failed", async () => {
  const { feature } = (await server.state()).branches;
  const run = await addRun({
    jobs: [
      { name: "lint", log: "all is well" },
      failed("test", "2026-01-01T00:00:00Z \u001b[31m1 test failed\u001b[0m\n"),
    ],
  });
  expect(await server.call("getWorkflowRun", { run })).toEqual({
    id: run,
    name: "CI",
    url: expect.stringContaining(`/actions/runs/${run}`),
    attempt: 1,
    status: "completed",
    conclusion: "failure",
    headSha: feature,
    headBranch: "feature",
    jobs: [
      { id: expect.any(Number), name: "lint", status: "completed", conclusion: "success" },
      { id: expect.any(Number), name: "test", status: "completed", conclusion: "failure" },
    ],
    logs: [{ job: "test", log: "2026-01-01T00:00:00Z 1 test failed\n", isCut: false }],
    passedBefore: [],
    isFlaky: false,
    leftOut: [],
  });
});

test("a job that passed on the same commit before is told apart from one that never did", async () => {
  const jobs = [failed("flaky", "timed out"), failed("broken", "no")];
  const name = "Both";
  await addRun({ name, conclusion: "success", jobs: [{ name: "flaky" }] });
  // Another workflow's job of that name is another job, and another commit's is no evidence.
  await addRun({ name: "Other", conclusion: "success", jobs: [{ name: "broken" }] });
  await addRun({ name, branch: "main", conclusion: "success", jobs: [{ name: "broken" }] });
  const run = await addRun({ name, jobs });
  const expected = { passedBefore: ["flaky"], isFlaky: false };
  expect(await server.call("getWorkflowRun", { run })).toMatchObject(expected);
  const flaky = await addRun({ name, jobs: [failed("flaky", "timed out")] });
  expect(await server.call("getWorkflowRun", { run: flaky })).toMatchObject({ isFlaky: true });

  const { feature: sha } = (await server.state()).branches;
  const { failed: found } = await server.call<{ failed: { id: number }[] }>("listWorkflowRuns", { sha });
  expect(found.slice(0, 2).map(({ id }) => id)).toEqual([flaky, run]);
});

test("of a long log the end comes, and of many failed jobs the first five", async () => {
  const long = `${"a line of the log\n".repeat(5_000)}the reason\n`;
  const jobs = [1, 2, 3, 4, 5, 6].map((number) => failed(`job ${number}`, long));
  const run = await addRun({ jobs });
  const { logs, leftOut } = await server.call<{
    logs: { log: string; isCut: boolean }[];
    leftOut: string[];
  }>("getWorkflowRun", { run });
  expect(logs).toHaveLength(5);
  expect(logs[0]?.isCut).toBe(true);
  expect(logs[0]?.log.length).toBeLessThanOrEqual(16_000);
  expect(logs[0]?.log).toMatch(/^a line of the log\n[\s\S]*the reason\n$/);
  expect(leftOut).toEqual(["the log of job 6"]);
});

test("a log that is gone is said to be", async () => {
  const run = await addRun({ jobs: [failed("test", "")] });
  await server.world.github.addFault({ path: "/repos/*/*/actions/jobs/*/logs", status: 410 });
  expect(await server.call("getWorkflowRun", { run })).toMatchObject({
    logs: [{ job: "test", log: "GitHub has no log of this job, or has it no longer." }],
  });
});

test("failed jobs run once more, also when GitHub fails after it was told", async () => {
  const run = await addRun({ jobs: [failed("test", "no")] });
  await server.failAfterWrite("POST", "/repos/*/*/actions/runs/*/rerun-failed-jobs");
  expect(await server.refused("rerunFailedJobs", { run, attempt: 1 })).toContain("could not be done");
  expect(await server.call("rerunFailedJobs", { run, attempt: 1 })).toEqual({ attempt: 2, existed: true });
  const state = (await server.state()).workflow_runs.find(({ id }) => id === run);
  expect(state).toMatchObject({ attempt: 2, status: "queued" });
});

test("two calls at the same time start one attempt", async () => {
  const run = await addRun({ jobs: [failed("test", "no")] });
  const both = await Promise.all([1, 2].map(() => server.call("rerunFailedJobs", { run, attempt: 1 })));
  expect(both).toContainEqual({ attempt: 2, existed: false });
  expect((await server.state()).workflow_runs.find(({ id }) => id === run)).toMatchObject({ attempt: 2 });
});

test.each([
  ["is still running", { status: "in_progress" as const }, "already running"],
  ["is older than a month", { createdAt: "2020-01-01T00:00:00Z" }, "over a month ago"],
])("a run that %s is refused in GitHub's words", async (_, run, words) => {
  const id = await addRun({ ...run, jobs: [failed("test", "no")] });
  expect(await server.refused("rerunFailedJobs", { run: id, attempt: 1 })).toContain(words);
});
