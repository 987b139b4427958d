import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openWorld, owner, refusalOf, repo, type World } from "./testing/world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const here = { owner, repo };

async function get(path: string, token: string, headers: Record<string, string> = {}) {
  const authorization = `Bearer ${token}`;
  return fetch(`${world.url}/api/v3${path}`, { headers: { ...headers, authorization } });
}

test("what the client has already is a 304 that costs nothing", async () => {
  const token = await world.token();
  const first = await get(`/repos/${owner}/${repo}`, token);
  const etag = first.headers.get("etag") ?? "";
  const second = await get(`/repos/${owner}/${repo}`, token, { "if-none-match": etag });
  expect([second.status, await second.text()]).toEqual([304, ""]);
  const used = "x-ratelimit-used";
  expect(second.headers.get(used)).toBe(first.headers.get(used));

  await world.octokit.rest.issues.create({ ...here, title: "Changes the count" });
  const third = await get(`/repos/${owner}/${repo}`, token, { "if-none-match": etag });
  expect([third.status, third.headers.get("etag") === etag]).toEqual([200, false]);
});

test("every answer says what is left of the hour", async () => {
  const response = await get(`/repos/${owner}/${repo}`, await world.token());
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "x-ratelimit-limit": "5000",
    "x-ratelimit-used": "1",
    "x-ratelimit-remaining": "4999",
    "x-ratelimit-resource": "core",
    "x-ratelimit-reset": expect.stringMatching(/^\d{10}$/),
  });
  const { data } = await world.octokit.rest.rateLimit.get();
  expect(data.resources.core).toMatchObject({ limit: 5000, used: 1, remaining: 4999 });
});

test("whoever has used up the hour is refused", async () => {
  await world.github.setLimits({ requestsPerHour: 2 });
  await world.octokit.rest.repos.get(here);
  await world.octokit.rest.repos.get(here);
  expect((await refusalOf(world.octokit.rest.repos.get(here)))?.message).toContain("API rate limit exceeded");
  expect((await world.asPerson.rest.repos.get(here)).status).toBe(200);
});

test("creating content too fast meets the secondary limit, reading does not", async () => {
  await world.github.setLimits({ contentPerMinute: 1 });
  await world.octokit.rest.issues.create({ ...here, title: "One" });
  const refusal = await refusalOf(world.octokit.rest.issues.create({ ...here, title: "Two" }));
  expect(refusal).toMatchObject({ status: 403, message: expect.stringContaining("secondary rate limit") });
  await world.octokit.rest.issues.listForRepo(here);
  const requests = await world.github.requests();
  expect(requests.filter(({ contentCreating }) => contentCreating).map(({ status }) => status)).toEqual([
    201,
  ]);
  expect((await world.github.repository(`${owner}/${repo}`)).requests).toEqual({
    total: 3,
    writes: 2,
    content_creating: 1,
  });
});

test("long lists come in pages that link to each other", async () => {
  for (const title of ["a", "b", "c"]) await world.octokit.rest.issues.create({ ...here, title });
  const first = await world.octokit.rest.issues.listForRepo({ ...here, per_page: 2 });
  expect(first.data.map(({ title }) => title)).toEqual(["c", "b"]);
  expect(first.headers.link).toMatch(/page=2>; rel="next".*page=2>; rel="last"/);
  const all = await world.octokit.paginate(world.octokit.rest.issues.listForRepo, { ...here, per_page: 2 });
  expect(all.map(({ title }) => title)).toEqual(["c", "b", "a"]);
});

test("an unknown route is a 404 and a line in the log", async () => {
  const response = await get("/repos/x/y/stargazers", await world.token());
  expect([response.status, await response.json()]).toEqual([
    404,
    expect.objectContaining({ message: "Not Found" }),
  ]);
  expect(world.logged).toContainEqual(
    expect.objectContaining({ level: 40, method: "GET", path: "/api/v3/repos/x/y/stargazers" }),
  );
});

test("input that GitHub refuses is a 422 that names the field", async () => {
  const response = await fetch(`${world.url}/api/v3/repos/${owner}/${repo}/issues`, {
    method: "POST",
    headers: { authorization: `Bearer ${await world.token()}` },
    body: "{}",
  });
  expect([response.status, await response.json()]).toEqual([
    422,
    {
      message: "Validation Failed",
      errors: [{ resource: "Issue", field: "title", code: "missing_field" }],
      documentation_url: expect.any(String),
      status: "422",
    },
  ]);
});
