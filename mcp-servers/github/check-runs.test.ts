import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";

let server: GithubServer;
let sha: string;
beforeEach(async () => {
  server = await openGithubServer();
  sha = (await server.state()).branches.feature ?? "";
});
afterEach(() => server.close());

const create = (args = {}) =>
  server.call<{ id: number; existed: boolean }>("createCheckRun", { sha, name: "smoke", ...args });

test("a check run is made once for each execution, also when GitHub fails after it was", async () => {
  await server.failAfterWrite("POST", "/repos/*/*/check-runs");
  expect(await server.refused("createCheckRun", { sha, name: "smoke" })).toContain("could not be done");
  const { id, existed } = await create({ conclusion: "success" });
  expect(existed).toBe(true);
  expect(await create({ name: "load" })).toMatchObject({ existed: false });
  const other = await server.connect({ execution: "execution-2" });
  const theirs = await other.call<{ id: number }>("createCheckRun", { owner, repo, sha, name: "smoke" });
  await other.close();
  expect(theirs.id).not.toBe(id);
  expect((await server.state()).check_runs).toHaveLength(3);
});

test("a check run is brought up to date, and its remarks are there once", async () => {
  const { id } = await create({ status: "in_progress" });
  const remark = { path: "src/add.js", startLine: 1, endLine: 1, level: "failure", message: "It subtracts." };
  const text = { title: "Failed", summary: "One remark", annotations: [remark] };
  const args = { checkRun: id, conclusion: "failure", ...text };
  for (const _ of [1, 2]) {
    expect(await server.call("updateCheckRun", args)).toMatchObject({
      status: "completed",
      conclusion: "failure",
    });
  }
  const another = { ...remark, message: "It is not typed." };
  await server.call("updateCheckRun", { ...args, annotations: [remark, another] });
  const [run] = (await server.state()).check_runs;
  expect(run?.annotations.map(({ message }) => message)).toEqual([remark.message, another.message]);
});

test("another App's check run is not changed", async () => {
  const { github, app } = server.world;
  const other = await github.createApp({ name: "Other", permissions: { checks: "write" } });
  const { id } = await github.install({ appId: other.id, owner });
  expect(other.id).not.toBe(app.id);
  const { App } = await import("octokit");
  const theirs = new App({
    appId: other.id,
    privateKey: other.privateKey,
    Octokit: server.world.octokit.constructor as never,
  });
  const octokit = await theirs.getInstallationOctokit(id);
  const { data } = await octokit.request("POST /repos/{owner}/{repo}/check-runs", {
    ...{ owner, repo, head_sha: sha, name: "smoke", external_id: "execution-1/smoke" },
  });
  expect(await server.refused("updateCheckRun", { checkRun: data.id, conclusion: "success" })).toContain(
    "403",
  );
  expect(await create()).toMatchObject({ existed: false });
});
