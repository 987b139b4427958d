import { createPrivateKey } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { SignJWT } from "jose";
import { routes } from "./routes/routes.ts";
import { openWorld, owner, refusalOf, repo, type World } from "./testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const here = { owner, repo };
const bug = { ...here, title: "A bug" };

test("without a token a private repository needs authentication, and an unknown token is a bad credential", async () => {
  expect(await refusalOf(world.asNobody.rest.repos.get(here))).toEqual({
    status: 401,
    message: "Requires authentication",
  });
  expect(await refusalOf(world.as("ghs_unknown").rest.repos.get(here))).toEqual({
    status: 401,
    message: "Bad credentials",
  });
});

test("a revoked token is a bad credential at once", async () => {
  const octokit = world.as(await world.token());
  await octokit.rest.repos.get(here);
  await octokit.rest.apps.revokeInstallationAccessToken();
  expect(await refusalOf(octokit.rest.repos.get(here))).toEqual({ status: 401, message: "Bad credentials" });
});

test("a token without the permission is refused, with one level of it only that level is open", async () => {
  const reader = world.as(await world.token({ permissions: { issues: "read" } }));
  await reader.rest.issues.listForRepo(here);
  const refusal = { status: 403, message: "Resource not accessible by integration" };
  expect(await refusalOf(reader.rest.issues.create(bug))).toEqual(refusal);
  expect(await refusalOf(reader.rest.repos.listBranches(here))).toEqual(refusal);
});

test("a team is asked for with the permission `members` and in its own organisation only", async () => {
  const { github } = world;
  await Promise.all(["invited", "stranger"].map((login) => github.createUser({ login })));
  await github.addToTeam(`${owner}/release`, "maintainer");
  await github.addToTeam(`${owner}/release`, "invited", { state: "pending" });
  await github.addToTeam("another-org/release", "stranger");
  const membership = (username: string, org = owner, as = world.octokit, team_slug = "release") =>
    as.rest.teams.getMembershipForUserInOrg({ org, team_slug, username });
  expect((await membership("maintainer")).data.state).toBe("active");
  expect((await membership("invited")).data.state).toBe("pending");
  expect(await refusalOf(membership("stranger"))).toMatchObject({ status: 404 });
  expect(await refusalOf(membership("maintainer", owner, world.octokit, "nobody"))).toMatchObject({
    status: 404,
  });
  expect(await refusalOf(membership("stranger", "another-org"))).toMatchObject({ status: 403 });
  const narrow = world.as(await world.token({ permissions: { issues: "read" } }));
  expect(await refusalOf(membership("maintainer", owner, narrow))).toMatchObject({ status: 403 });
});

test("every route of a repository refuses a token that holds no permission but metadata", async () => {
  const token = await world.token({ permissions: { metadata: "read" } });
  const guarded = routes.filter(
    ({ path, permission }) =>
      path.startsWith("/repos/{owner}/{repo}") && permission !== "metadata:read" && permission !== "app",
  );
  for (const { method, path } of guarded) {
    const filled = path
      .replace("{owner}", owner)
      .replace("{repo}", repo)
      .replace(/\{\w+\}/g, "1");
    const response = await fetch(`${world.url}/api/v3${filled}`, {
      method,
      headers: { authorization: `token ${token}` },
    });
    expect([method, path, response.status]).toEqual([method, path, 403]);
  }
});

test("permission on pull requests does not open plain issues", async () => {
  const { data: issue } = await world.octokit.rest.issues.create(bug);
  const reviewer = world.as(await world.token({ permissions: { pull_requests: "write" } }));
  const comment = reviewer.rest.issues.createComment({ ...here, issue_number: issue.number, body: "Hm" });
  expect((await refusalOf(comment))?.status).toBe(403);
});

test("a repository outside of the token's scope is not there", async () => {
  await world.github.createRepository({ owner, name: "other", from: world.source });
  const narrowed = world.as(await world.token({ repositories: [repo] }));
  await narrowed.rest.repos.get(here);
  expect((await refusalOf(narrowed.rest.repos.get({ owner, repo: "other" })))?.status).toBe(404);
  const { data } = await narrowed.rest.apps.listReposAccessibleToInstallation();
  expect(data.repositories.map(({ name }) => name)).toEqual([repo]);
});

test("a token cannot have more than the installation has", async () => {
  const tooMuch = await refusalOf(world.token({ permissions: { secrets: "read" } }));
  expect(tooMuch?.message).toBe("The permissions requested are not granted to this installation.");
  expect((await refusalOf(world.token({ repositories: ["elsewhere"] })))?.status).toBe(422);
});

test("an installation does not reach another owner's repository", async () => {
  await world.github.createRepository({ owner: "stranger", name: repo, from: world.source });
  expect((await refusalOf(world.octokit.rest.repos.get({ owner: "stranger", repo })))?.status).toBe(404);
});

test("people may do what their role allows", async () => {
  const reader = await world.github.createUser({ login: "reader" });
  const outsider = await world.github.createUser({ login: "outsider" });
  await world.github.setCollaborator(`${owner}/${repo}`, reader.login, "read");
  const asReader = world.as(reader.token);
  const { data: issue } = await asReader.rest.issues.create({ ...bug, labels: ["urgent"] });
  expect(issue.labels).toEqual([]);
  const on = { ...here, issue_number: issue.number };
  expect((await refusalOf(asReader.rest.issues.addLabels({ ...on, labels: ["urgent"] })))?.status).toBe(403);
  expect((await refusalOf(world.as(outsider.token).rest.repos.get(here)))?.status).toBe(404);
  const asked = { ...here, username: world.person.login };
  const { data: permission } = await world.octokit.rest.repos.getCollaboratorPermissionLevel(asked);
  expect(permission).toMatchObject({ permission: "write", role_name: "maintain" });
});

test("an App's JWT is refused when it lives too long, has ended, or was signed with another key", async () => {
  const key = createPrivateKey(world.app.privateKey);
  const get = async (lifetime: number, signingKey = key) => {
    const seconds = Math.floor(Date.now() / 1000);
    const jwt = await new SignJWT({})
      .setProtectedHeader({ alg: "RS256" })
      .setIssuer(String(world.app.id))
      .setIssuedAt(seconds - 60)
      .setExpirationTime(seconds + lifetime)
      .sign(signingKey);
    const response = await fetch(`${world.url}/api/v3/app`, { headers: { authorization: `Bearer ${jwt}` } });
    return [response.status, ((await response.json()) as { message?: string }).message];
  };
  const other = await world.github.createApp({ name: "Other App" });
  expect(await get(500)).toEqual([200, undefined]);
  expect(await get(700)).toEqual([401, "'Expiration time' claim ('exp') is too far in the future"]);
  expect(await get(-10)).toEqual([401, expect.stringContaining("'Expiration time' claim ('exp') must be")]);
  expect(await get(500, createPrivateKey(other.privateKey))).toEqual([
    401,
    "A JSON web token could not be decoded",
  ]);
});

test("an App without the workflows permission does not touch workflow files", async () => {
  const tree = [
    { path: ".github/workflows/ci.yml", mode: "100644", type: "blob", content: "on: push" },
  ] as const;
  const refusal = await refusalOf(world.octokit.rest.git.createTree({ ...here, tree: [...tree] }));
  expect(refusal?.status).toBe(403);
  expect(refusal?.message).toContain("without `workflows` permission");
});

test("people cannot write check runs", async () => {
  const sha = (await world.github.repository(`${owner}/${repo}`)).branches.main ?? "";
  const refusal = await refusalOf(
    world.asPerson.rest.checks.create({ ...here, name: "mine", head_sha: sha }),
  );
  expect(refusal).toEqual({ status: 403, message: "You must authenticate via a GitHub App." });
});

test("an uninstalled App's tokens are dead", async () => {
  const installation = await world.github.install({ appId: world.app.id, owner: "stranger" });
  const asked = { installation_id: installation.id };
  const { data } = await world.octokitApp.octokit.rest.apps.createInstallationAccessToken(asked);
  const octokit = world.as(data.token);
  await octokit.rest.repos.get({ owner: "stranger", repo });
  await world.github.uninstall(installation.id);
  expect((await refusalOf(octokit.rest.repos.get({ owner: "stranger", repo })))?.status).toBe(401);
});
