import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openWorld, owner, refusalOf, repo, type World } from "../local/github/testing/world.ts";
import { createGitHubApp, type GitHubApp, privateKeyOf } from "./github.ts";
import { createLogger } from "./logger.ts";
import { createRedact } from "./redact.ts";
import type { TokenScope } from "./scoped-auth.ts";

let world: World;
let app: GitHubApp;
beforeEach(async () => {
  world = await openWorld();
  app = createGitHubApp(settings(), createLogger("test", "silent"), {
    retry: { retryAfterBaseValue: 0 },
    throttle: { enabled: false },
  });
});
afterEach(() => world.close());

const settings = () => ({
  APP_ID: world.app.id,
  PRIVATE_KEY: world.app.privateKey,
  GITHUB_API_URL: `${world.url}/api/v3`,
  GITHUB_SERVER_URL: world.url,
});
const scope = () => ({
  installation: world.installation.id,
  repo,
  permissions: { issues: "write" as const },
});
const issue = { owner, repo, title: "A bug" };

async function requests(method: string, path: RegExp): Promise<number> {
  const all = await world.github.requests();
  return all.filter((one) => one.method === method && path.test(one.path)).length;
}

test("a client may do what it was made for, in its one repository, and nothing else", async () => {
  await world.github.createRepository({ owner, name: "other" });
  const octokit = app.octokitFor(scope());
  expect((await octokit.rest.issues.create(issue)).status).toBe(201);
  expect(await refusalOf(octokit.rest.repos.getContent({ owner, repo, path: "README.md" }))).toMatchObject({
    status: 403,
  });
  expect(await refusalOf(octokit.rest.issues.listForRepo({ owner, repo: "other" }))).toMatchObject({
    status: 404,
  });
});

test("clients for the same purpose share one token", async () => {
  for (let time = 0; time < 3; time += 1)
    await app.octokitFor(scope()).rest.issues.listForRepo({ owner, repo });
  expect(await requests("POST", /access_tokens$/)).toBe(1);
  await app
    .octokitFor({ ...scope(), permissions: { issues: "read" } })
    .rest.issues.listForRepo({ owner, repo });
  expect(await requests("POST", /access_tokens$/)).toBe(2);
});

test("clients that ask for their tokens at the same time get each its own", async () => {
  await world.github.createRepository({ owner, name: "other" });
  const issues = app.octokitFor(scope()).rest.issues.listForRepo({ owner, repo });
  const files = app
    .octokitFor({ ...scope(), permissions: { contents: "read" } })
    .rest.repos.getContent({ owner, repo, path: "README.md" });
  const other = app
    .octokitFor({ ...scope(), repo: "other" })
    .rest.issues.listForRepo({ owner, repo: "other" });
  expect((await Promise.all([issues, files, other])).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(await requests("POST", /access_tokens$/)).toBe(3);
});

test("a token that GitHub does not know everywhere yet is tried once more", async () => {
  await world.github.addFault({ method: "GET", path: "/repos/*/*/issues", status: 401 });
  expect((await app.octokitFor(scope()).rest.issues.listForRepo({ owner, repo })).data).toEqual([]);
});

test("a read that fails is tried again, also after a write of the same client", async () => {
  const octokit = app.octokitFor(scope());
  for (const issues of [0, 1]) {
    await world.github.addFault({ method: "GET", path: "/repos/*/*/issues", status: 502 });
    expect((await octokit.rest.issues.listForRepo({ owner, repo })).data).toHaveLength(issues);
    await octokit.rest.issues.create(issue);
  }
});

test.each([{ status: 502 }, {}])(
  "a write that fails (%j) is not repeated: it may have been done",
  async (how) => {
    await world.github.addFault({ method: "POST", path: "/repos/*/*/issues", afterWrite: true, ...how });
    expect(await refusalOf(app.octokitFor(scope()).rest.issues.create(issue))).toBeDefined();
    expect((await world.github.repository(`${owner}/${repo}`)).issues).toHaveLength(1);
  },
);

test("the same question costs nothing the second time, until its answer changes", async () => {
  const octokit = app.octokitFor(scope());
  const read = async () => {
    const { data, status, headers } = await octokit.rest.issues.listForRepo({ owner, repo });
    return { titles: data.map(({ title }) => title), status, used: headers["x-ratelimit-used"] };
  };
  const first = await read();
  expect(await read()).toEqual(first);
  await octokit.rest.issues.create(issue);
  expect(await read()).toMatchObject({ titles: ["A bug"], status: 200 });
  const answers = (await world.github.requests()).filter(({ path }) => path.endsWith("/issues"));
  expect(answers.map(({ method, status }) => `${method} ${status}`)).toEqual([
    "GET 200",
    "GET 304",
    "POST 201",
    "GET 200",
  ]);
});

test("what one scope was told is not told to another", async () => {
  const files = { ...scope(), permissions: { contents: "read" as const } };
  const read = (of: TokenScope) =>
    app.octokitFor(of).rest.repos.getContent({ owner, repo, path: "README.md" });
  await read(files);
  expect(await refusalOf(read(scope()))).toMatchObject({ status: 403 });
});

test("one address has several answers, by what is asked for", async () => {
  const files = app.octokitFor({ ...scope(), permissions: { contents: "read" } });
  const readme = { owner, repo, path: "README.md" };
  for (const _ of [1, 2]) {
    expect((await files.rest.repos.getContent(readme)).data).toMatchObject({ name: "README.md" });
    const raw = await files.rest.repos.getContent({ ...readme, mediaType: { format: "raw" } });
    expect(raw.data).toBe("# Sample\n");
  }
});

test("the App's key may be in one line, in Base64, or in a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "afu9-key-"));
  try {
    const file = join(folder, "key.pem");
    const key = world.app.privateKey;
    writeFileSync(file, key);
    const given = { ...settings(), PRIVATE_KEY: undefined };
    expect(privateKeyOf({ ...given, PRIVATE_KEY: key.replaceAll("\n", "\\n") })).toBe(key);
    expect(privateKeyOf({ ...given, PRIVATE_KEY: Buffer.from(key).toString("base64") })).toBe(key);
    expect(privateKeyOf({ ...given, PRIVATE_KEY_PATH: file })).toBe(key);
    expect(() => privateKeyOf(given)).toThrow("PRIVATE_KEY or PRIVATE_KEY_PATH");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what is written for people leaves without the process's secrets, whoever writes it", async () => {
  const key = "q7Xv9ZtR2kLmW8pYc4JdN6sBf1HgT5uA";
  const careful = createGitHubApp(settings(), createLogger("test", "silent"), {
    redact: createRedact([key]),
  });
  const octokit = careful.octokitFor(scope());
  const { data } = await octokit.rest.issues.create({ ...issue, title: `No ${key}`, body: key.slice(8, 20) });
  expect(data).toMatchObject({ title: "No [removed]", body: "[removed]" });
  const on = { owner, repo, issue_number: data.number };
  const comment = await octokit.rest.issues.createComment({
    ...on,
    body: `Its reverse: ${[...key].reverse().join("")}`,
  });
  expect(comment.data.body).toBe("Its reverse: [removed]");
});
