import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";

let server: GithubServer;
let sha: string;
beforeEach(async () => {
  server = await openGithubServer();
  sha = (await server.state()).branches.main ?? "";
});
afterEach(() => server.close());

const create = (args = {}) =>
  server.call<{ id: number; existed: boolean }>("createDeployment", { sha, environment: "staging", ...args });
const tell = (deployment: number, args: object) =>
  server.call("createDeploymentStatus", { deployment, ...args });

test("a deployment is made once for each execution and environment, also when GitHub fails after it was", async () => {
  await server.failAfterWrite("POST", "/repos/*/*/deployments");
  expect(await server.refused("createDeployment", { sha, environment: "staging" })).toContain(
    "createDeployment",
  );
  expect(await create()).toMatchObject({ existed: true });
  expect(await create({ environment: "production" })).toMatchObject({ existed: false });
  expect((await server.state()).deployments).toMatchObject([
    { sha, environment: "staging", payload: { execution: "execution-1" } },
    { sha, environment: "production" },
  ]);
});

test("a person's deployment with the same payload does not keep it from being made", async () => {
  await server.world.asPerson.rest.repos.createDeployment({
    ...{ owner, repo, ref: sha, environment: "staging", auto_merge: false, required_contexts: [] },
    payload: { execution: "execution-1" },
  });
  expect(await create()).toMatchObject({ existed: false });
});

test("how it goes is told once, and a success replaces what was there", async () => {
  const first = await create();
  for (const state of ["in_progress", "in_progress", "success"]) await tell(first.id, { state });
  await server.failAfterWrite("POST", "/repos/*/*/deployments/*/statuses");
  const feature = (await server.state()).branches.feature;
  const second = await create({ sha: feature });
  const done = { deployment: second.id, state: "success", description: "Healthy" };
  expect(await server.refused("createDeploymentStatus", done)).toContain("could not be done");
  expect(await tell(second.id, done)).toMatchObject({ existed: true });
  expect((await server.state()).deployments.map(({ statuses }) => statuses)).toEqual([
    ["in_progress", "success", "inactive"],
    ["success"],
  ]);
});

test("checks that are asked for and not good keep it from being made", async () => {
  await server.call("createCheckRun", { sha, name: "smoke", conclusion: "failure" });
  const args = { sha, environment: "staging", requiredChecks: ["smoke"] };
  expect(await server.refused("createDeployment", args)).toContain("Commit status checks failed");
  expect((await server.state()).deployments).toEqual([]);
});
