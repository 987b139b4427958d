import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { runGit } from "./testing/run-git.ts";
import { openWorld, owner, refusalOf, repo, type World } from "./testing/world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.hooks.until("installation.created");
});
afterEach(() => world.close());

const here = { owner, repo };
const full = `${owner}/${repo}`;

test("a renamed repository is found by its old name: read, written, cloned and asked in GraphQL", async () => {
  const token = await world.token();
  await world.github.changeRepository(full, { name: "renamed" });
  const { data } = await world.octokit.rest.repos.get(here);
  expect(data.full_name).toBe(`${owner}/renamed`);
  const { data: issue } = await world.octokit.rest.issues.create({ ...here, title: "By the old name" });
  const { issues } = await world.github.repository(`${owner}/renamed`);
  expect(issues.map(({ number, title }) => [number, title])).toEqual([[issue.number, "By the old name"]]);
  const raw = await fetch(`${world.url}/api/v3/repos/${full}/issues/${issue.number}`, {
    headers: { authorization: `token ${token}` },
    redirect: "manual",
  });
  expect([raw.status, raw.headers.get("location")]).toEqual([
    301,
    `${world.url}/api/v3/repositories/${data.id}/issues/${issue.number}`,
  ]);
  const address = `${world.url.replace("://", `://x-access-token:${token}@`)}/${full}.git`;
  await runGit(world.folder, "clone", "--quiet", address, join(world.folder, "old-name"));
  const asked = await world.octokit.graphql<{ repository: { nameWithOwner: string } }>(
    "query ($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { nameWithOwner } }",
    here,
  );
  expect(asked.repository.nameWithOwner).toBe(`${owner}/renamed`);
});

test("a new token can't be asked for by the old name, and a new repository takes the name", async () => {
  await world.github.changeRepository(full, { name: "renamed" });
  expect((await refusalOf(world.token({ repositories: [repo] })))?.status).toBe(422);
  const { id } = await world.github.createRepository({ owner, name: repo, from: world.source });
  expect((await world.octokit.rest.repos.get(here)).data.id).toBe(id);
});

test("an archived repository is read and not written", async () => {
  await world.github.changeRepository(full, { archived: true });
  expect((await world.octokit.rest.repos.get(here)).data.archived).toBe(true);
  expect(await refusalOf(world.octokit.rest.issues.create({ ...here, title: "No" }))).toEqual({
    status: 403,
    message: "Repository was archived so is read-only.",
  });
});

test("a suspended installation has no use of its tokens and gets none, and back again it has", async () => {
  const suspended = { status: 403, message: "This installation has been suspended" };
  const octokit = world.as(await world.token());
  await world.github.suspend(world.installation.id);
  expect(await refusalOf(octokit.rest.repos.get(here))).toEqual(suspended);
  expect(await refusalOf(world.token())).toEqual(suspended);
  const { apps } = world.octokitApp.octokit.rest;
  const asked = { installation_id: world.installation.id };
  expect((await apps.getInstallation(asked)).data.suspended_at).toEqual(expect.any(String));
  await world.github.suspend(world.installation.id, false);
  await octokit.rest.repos.get(here);
  expect((await apps.getInstallation(asked)).data.suspended_at).toBeNull();
});

test("a repository that is given away is lost to one installation and gained by the other", async () => {
  const other = await world.github.install({ appId: world.app.id, owner: "elsewhere" });
  await world.github.changeRepository(full, { owner: "elsewhere" });
  const [removed] = await world.hooks.until("installation_repositories.removed");
  const [added] = await world.hooks.until("installation_repositories.added");
  const [transferred] = await world.hooks.until("repository.transferred");
  expect(removed?.payload).toMatchObject({
    installation: { id: world.installation.id },
    repositories_removed: [{ id: world.repository.id }],
  });
  expect(added?.payload).toMatchObject({ installation: { id: other.id } });
  expect(transferred?.payload).toMatchObject({
    installation: { id: other.id },
    repository: { full_name: `elsewhere/${repo}` },
    changes: { owner: { from: { organization: { login: owner } } } },
  });
  expect((await refusalOf(world.octokit.rest.repos.get(here)))?.status).toBe(404);
});

test("an account that renames itself takes its repositories along", async () => {
  await world.github.renameAccount(owner, "octo-renamed");
  const [renamed] = await world.hooks.until("installation_target.renamed");
  expect(renamed?.payload).toMatchObject({
    account: { login: "octo-renamed" },
    changes: { login: { from: owner } },
    installation: { id: world.installation.id },
  });
  expect((await world.octokit.rest.repos.get(here)).data.full_name).toBe(`octo-renamed/${repo}`);
});
