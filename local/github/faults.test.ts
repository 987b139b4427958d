import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openWorld, owner, refusalOf, repo, type World } from "./testing/world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const here = { owner, repo };
const bug = { ...here, title: "A bug" };

async function titles(): Promise<string[]> {
  const { issues } = await world.github.repository(`${owner}/${repo}`);
  return issues.map(({ title }) => title);
}

test("a fault answers its status as often as told, and nothing is written", async () => {
  await world.github.addFault({ method: "POST", path: "/repos/*/*/issues", status: 502, times: 2 });
  expect((await refusalOf(world.octokit.rest.issues.create(bug)))?.status).toBe(502);
  expect((await refusalOf(world.octokit.rest.issues.create(bug)))?.status).toBe(502);
  expect(await titles()).toEqual([]);
  await world.octokit.rest.issues.create(bug);
  expect(await titles()).toEqual(["A bug"]);
});

test("a fault after the write leaves the write behind and breaks the connection", async () => {
  await world.github.addFault({ path: "^/repos/[^/]+/[^/]+/issues$", afterWrite: true });
  const headers = { authorization: `Bearer ${await world.token()}` };
  const url = `${world.url}/api/v3/repos/${owner}/${repo}/issues`;
  await expect(fetch(url, { method: "POST", headers, body: JSON.stringify(bug) })).rejects.toThrow(
    "fetch failed",
  );
  expect(await titles()).toEqual(["A bug"]);
});

test("a fault after the write can answer a status instead", async () => {
  await world.github.addFault({ path: "/repos/*/*/issues", afterWrite: true, status: 500 });
  expect((await refusalOf(world.octokit.rest.issues.create(bug)))?.status).toBe(500);
  expect(await titles()).toEqual(["A bug"]);
});

test("a fault says when to come back", async () => {
  await world.github.addFault({ path: "/repos/**", status: 403, retryAfter: 7 });
  const response = await fetch(`${world.url}/api/v3/repos/${owner}/${repo}`);
  expect([response.status, response.headers.get("retry-after")]).toEqual([403, "7"]);
  expect(await response.json()).toMatchObject({ message: expect.stringContaining("secondary rate limit") });
});

test("a delay without a status only delays", async () => {
  await world.github.addFault({ path: "/repos/**", delayMs: 1 });
  expect((await world.octokit.rest.issues.create(bug)).status).toBe(201);
});

test("a fault can hit GraphQL and git, never the control API, and is forgotten on demand", async () => {
  await world.github.addFault({ path: "/graphql", status: 502 });
  expect((await refusalOf(world.octokit.graphql("{ viewer { login } }")))?.status).toBe(502);
  await world.github.addFault({ path: `/${owner}/${repo}.git/**`, status: 503 });
  const git = await fetch(`${world.url}/${owner}/${repo}.git/info/refs?service=git-upload-pack`);
  expect(git.status).toBe(503);
  await world.github.addFault({ path: "/**", status: 500, times: 99 });
  await world.github.clearFaults();
  expect((await world.octokit.rest.repos.get(here)).status).toBe(200);
});

test("a fault that makes no sense is refused in words", async () => {
  await expect(world.github.addFault({ path: "", status: 9000 })).rejects.toThrow(/status/);
});
