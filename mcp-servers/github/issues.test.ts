import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";

let server: GithubServer;
beforeEach(async () => {
  server = await openGithubServer();
});
afterEach(() => server.close());

/** Opens issue number 1, as a person. */
async function openIssue(title = "It subtracts", labels = ["bug"]): Promise<number> {
  const { data } = await server.world.asPerson.rest.issues.create({
    owner,
    repo,
    title,
    body: "add(1, 1) is 0.",
    labels,
  });
  return data.number;
}

const sayAsPerson = (number: number, body: string) =>
  server.world.asPerson.rest.issues.createComment({ owner, repo, issue_number: number, body });

test("an issue comes with its author's id, labels and what people said", async () => {
  const number = await openIssue();
  await sayAsPerson(number, "Same here.");
  await server.call("addComment", { number, body: "I am on it." });
  const { id } = server.world.person;
  const author = { id, login: "maintainer", type: "User" };
  expect(await server.call("getIssue", { number })).toMatchObject({
    number,
    title: "It subtracts",
    body: "add(1, 1) is 0.",
    state: "open",
    labels: ["bug"],
    author,
    comments: [{ author, body: "Same here." }],
  });
});

test("of many comments the last 50 come, and how many there were before", async () => {
  const number = await openIssue();
  for (let count = 1; count <= 53; count += 1) await sayAsPerson(number, `Comment ${count}`);
  const { comments, earlierComments } = await server.call<{
    comments: { body: string }[];
    earlierComments: number;
  }>("getIssue", { number });
  expect(comments).toHaveLength(50);
  expect([comments[0]?.body, comments.at(-1)?.body]).toEqual(["Comment 4", "Comment 53"]);
  expect(earlierComments).toBe(3);
});

test("issues are listed by state and labels, without pull requests", async () => {
  await openIssue("First", ["bug"]);
  await openIssue("Second", ["bug", "urgent"]);
  await openIssue("Third", []);
  await server.call("updateIssue", { number: 1, state: "closed" });
  await server.call("createPullRequest", { head: "feature", base: "main", title: "Fix", body: "" });
  const titles = async (args: object) => {
    const { issues } = await server.call<{ issues: { title: string }[] }>("listIssues", { ...args });
    return issues.map(({ title }) => title);
  };
  expect(await titles({})).toEqual(["Third", "Second"]);
  expect(await titles({ state: "all", labels: ["bug"] })).toEqual(["Second", "First"]);
  expect(await titles({ state: "closed" })).toEqual(["First"]);
});

test("an issue is changed where the call says so, and stays as it is elsewhere", async () => {
  const number = await openIssue();
  await server.call("updateIssue", { number, labels: ["bug", "afu9"] });
  expect(await server.call("updateIssue", { number, state: "closed", title: "It adds" })).toMatchObject({
    title: "It adds",
    state: "closed",
    labels: ["bug", "afu9"],
  });
  expect((await server.state()).issues[0]).toMatchObject({ body: "add(1, 1) is 0." });
});

test("a comment with a marker is made once, also when GitHub fails after it was made", async () => {
  const number = await openIssue();
  await server.failAfterWrite("POST", "/repos/*/*/issues/*/comments");
  const args = { number, body: "The plan", marker: "plan:1" };
  expect(await server.refused("addComment", args)).toContain("addComment could not be done");
  const found = await server.call("addComment", args);
  expect(found).toMatchObject({ existed: true });
  expect(await server.call("addComment", args)).toEqual(found);
  expect(await server.call("addComment", { ...args, marker: "plan:2" })).toMatchObject({ existed: false });
  expect((await server.state()).issues[0]?.comments).toHaveLength(2);
});

test("a person who writes a marker does not keep the comment from being made", async () => {
  const number = await openIssue();
  await sayAsPerson(number, "<!-- afu9:plan:1 -->");
  expect(await server.call("addComment", { number, body: "The plan", marker: "plan:1" })).toMatchObject({
    existed: false,
  });
});

test("an issue names the pull requests that close it, and a pull request can be read as an issue", async () => {
  const number = await openIssue();
  const proposal = { head: "feature", base: "main", title: "Add instead of subtracting" };
  await server.call("createPullRequest", { ...proposal, body: `Fixes #${number}` });
  await server.world.github.forgetRequests();
  expect(await server.call("getIssue", { number })).toMatchObject({
    linkedPullRequests: [{ number: 2, title: proposal.title, state: "open" }],
  });
  expect((await server.world.github.requests()).map(({ path }) => path)).toEqual([
    expect.stringContaining("/access_tokens"),
    "/graphql",
  ]);
  expect(await server.call("getIssue", { number: 2 })).toMatchObject({
    title: proposal.title,
    state: "open",
    author: { type: "Bot", login: "test-app[bot]" },
    linkedPullRequests: [],
  });
});

test("labels are added to those that are there, and removed by their name alone", async () => {
  const number = await openIssue();
  expect(await server.call("addLabels", { number, labels: ["help wanted", "bug"] })).toEqual({
    labels: ["bug", "help wanted"],
  });
  expect(await server.call("removeLabel", { number, label: "Help Wanted" })).toEqual({
    labels: ["bug"],
    removed: true,
  });
  expect(await server.call("removeLabel", { number, label: "help wanted" })).toEqual({
    labels: ["bug"],
    removed: false,
  });
});

test("a reaction is there once, on the issue or on a comment", async () => {
  const number = await openIssue();
  const { id: comment } = await server.call<{ id: number }>("addComment", { number, body: "I am on it." });
  const first = await server.call("addReaction", { number, content: "eyes" });
  expect(await server.call("addReaction", { number, content: "eyes" })).toEqual(first);
  await server.call("addReaction", { number, comment, content: "rocket" });
  const [issue] = (await server.state()).issues;
  expect(issue?.reactions).toEqual([{ content: "eyes", login: "test-app[bot]" }]);
  expect(issue?.comments[0]?.reactions).toEqual([{ content: "rocket", login: "test-app[bot]" }]);
});
