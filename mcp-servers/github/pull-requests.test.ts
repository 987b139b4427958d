import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";

let server: GithubServer;
beforeEach(async () => {
  server = await openGithubServer();
});
afterEach(() => server.close());

const proposal = { head: "feature", base: "main", title: "Add instead of subtracting", body: "Closes #1" };
const open = (args: object = {}) =>
  server.call<{ number: number; headSha: string }>("createPullRequest", { ...proposal, ...args });

test("a pull request is opened once, also when GitHub fails after it was", async () => {
  await server.failAfterWrite("POST", "/repos/*/*/pulls");
  expect(await server.refused("createPullRequest", proposal)).toContain("createPullRequest");
  expect(await open({ title: "Another title" })).toMatchObject({
    number: 1,
    title: proposal.title,
    existed: true,
  });
  expect((await server.state()).pulls).toHaveLength(1);
});

test("two calls at the same time open one pull request, and both are told of it", async () => {
  const both = await Promise.all([open(), open()]);
  expect(both.map(({ number }) => number)).toEqual([1, 1]);
  expect((await server.state()).pulls).toHaveLength(1);
});

test("a pull request may be a draft, and says where it comes from", async () => {
  const { feature } = (await server.state()).branches;
  expect(await open({ draft: true })).toEqual({
    number: 1,
    title: proposal.title,
    state: "open",
    draft: true,
    url: expect.stringContaining("/octo-org/sample/pull/1"),
    head: "feature",
    headSha: feature,
    base: "main",
    existed: false,
  });
  expect(await server.call("getPullRequest", { number: 1 })).toMatchObject({
    body: "Closes #1",
    author: { type: "Bot" },
    merged: false,
  });
});

test("a title or text that is too long is refused with its limit", async () => {
  const title = await server.refused("createPullRequest", { ...proposal, title: "t".repeat(257) });
  expect(title).toContain("title: Too big: expected string to have <=256 characters");
  const body = await server.refused("createPullRequest", { ...proposal, body: "b".repeat(65_537) });
  expect(body).toContain("body: Too big: expected string to have <=65536 characters");
});

test("a branch that has nothing new is refused in GitHub's own words", async () => {
  const refused = await server.refused("createPullRequest", { ...proposal, head: "main" });
  expect(refused).toContain("GitHub answered 422");
});

test("pull requests are listed by state, head and base", async () => {
  await open();
  const count = async (args: object) => {
    const { pullRequests } = await server.call<{ pullRequests: object[] }>("listPullRequests", { ...args });
    return pullRequests.length;
  };
  expect(await count({})).toBe(1);
  expect(await count({ head: "feature", base: "main" })).toBe(1);
  expect(await count({ head: "main" })).toBe(0);
  expect(await count({ base: "feature" })).toBe(0);
  expect(await count({ state: "closed" })).toBe(0);
});

test("a pull request is merged once, also when GitHub fails after it was", async () => {
  const { number, headSha } = await open();
  await server.failAfterWrite("PUT", "/repos/*/*/pulls/*/merge");
  expect(await server.refused("mergePullRequest", { number, sha: headSha })).toContain("mergePullRequest");
  const { main } = (await server.state()).branches;
  expect(await server.call("mergePullRequest", { number, sha: headSha })).toEqual({
    merged: true,
    existed: true,
    sha: main,
  });
});

test("a pull request whose head has moved is not merged", async () => {
  const { number } = await open();
  expect(await server.refused("mergePullRequest", { number, sha: "0".repeat(40) })).toContain(
    "read it again",
  );
  expect(await server.call("getPullRequest", { number })).toMatchObject({ merged: false });
});

test("a pull request comes with its files and its diff", async () => {
  await open();
  const pull = await server.call<{ diff: string }>("getPullRequest", { number: 1 });
  expect(pull).toMatchObject({
    files: [{ path: "src/add.js", previousPath: null, status: "modified", additions: 1, deletions: 1 }],
    leftOut: [],
  });
  expect(pull.diff).toContain(
    "--- a/src/add.js\n+++ b/src/add.js\n@@ -1 +1 @@\n-export const add = (a, b) => a - b;\n+export const add",
  );
});

test("of a change that is too big, the first files come whole, and the others are named", async () => {
  const { feature } = (await server.state()).branches;
  const content = (text: string) => Buffer.from(text).toString("base64");
  const file = (path: string, text: string) => ({ path, mode: "100644", content: content(text) });
  await server.call("commitChanges", {
    branch: "feature",
    expectedHead: feature,
    message: "More",
    files: [
      file("a.txt", "a\n"),
      file("b.txt", "b".repeat(61_000)),
      file("image.png", "\0\0"),
      file("z.txt", "z\n"),
    ],
  });
  await open();
  const { diff, leftOut } = await server.call<{ diff: string; leftOut: string[] }>("getPullRequest", {
    number: 1,
  });
  expect(diff).toContain("+++ b/a.txt");
  expect(diff).not.toContain("b.txt");
  expect(leftOut).toEqual([
    "image.png: binary, empty or too big for a diff",
    "b.txt: its diff",
    "src/add.js: its diff",
    "z.txt: its diff",
  ]);
});

test("a draft is marked ready once, also when GitHub fails after it was", async () => {
  const { number } = await open({ draft: true });
  await server.failAfterWrite("POST", "/graphql");
  await server.refused("markReadyForReview", { number });
  expect(await server.call("markReadyForReview", { number })).toEqual({ number, existed: true });
  expect((await server.state()).pulls[0]).toMatchObject({ draft: false });
});
