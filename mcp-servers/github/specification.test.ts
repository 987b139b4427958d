// The text of an issue: a specification, above what people wrote.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";

let server: GithubServer;
beforeEach(async () => {
  server = await openGithubServer();
});
afterEach(() => server.close());

const briefing = "Make it  faster\n\n</details>\n<!-- a note --> @octocat\n<!-- afu9:briefing -->\n";

async function openIssue(body?: string): Promise<number> {
  const { data } = await server.world.asPerson.rest.issues.create({ owner, repo, title: "Faster", body });
  return data.number;
}
const specify = (specification: string, more = {}) =>
  server.call("specifyIssue", { number: 1, specification, ...more });
const issue = async () => (await server.state()).issues[0];
const kept = (text = "") => text.split("<!-- afu9:briefing -->\n").slice(1).join("<!-- afu9:briefing -->\n");

test("the briefing is kept below the specification, word for word", async () => {
  await openIssue(briefing);
  await specify("## Goal\n\nHalf the time. <!-- afu9:briefing -->");
  const { title, body } = (await issue()) ?? {};
  expect(title).toBe("Faster");
  expect(body).toMatch(
    /^<!-- afu9:specification -->\n## Goal\n\nHalf the time\. <\u200b!-- afu9:briefing -->\n\n<details>/,
  );
  expect(kept(body ?? "")).toBe(`${briefing}\n<!-- afu9:end of the briefing -->\n\n</details>`);
});

test("a second specification takes the place of the first, and the same one changes nothing", async () => {
  await openIssue(briefing);
  await specify("First.");
  const first = (await issue())?.body;
  await specify("Second.");
  expect((await issue())?.body).toBe(first?.replace("First.", "Second."));
  const { writes } = (await server.state()).requests;
  await specify("Second.");
  expect((await server.state()).requests.writes).toBe(writes);
});

test.each([
  ["what a person wrote in our marks", `Mine\n<!-- afu9:specification -->\nx`],
  ["what a person wrote below", undefined],
])("%s is a part of the briefing", async (_, written) => {
  const number = await openIssue(written ?? briefing);
  if (!written) {
    await specify("First.");
    const body = `${(await issue())?.body}\n\nAnd quickly, please.`;
    await server.world.asPerson.rest.issues.update({ owner, repo, issue_number: number, body });
  }
  const before = (await issue())?.body ?? "";
  await specify("Second.");
  expect((await issue())?.body).toContain(before);
});

test("an issue without a text gets one, and nobody is notified by it", async () => {
  await openIssue();
  await specify("Ask @acme/owners. Fixes #9.", { title: "Unused" });
  expect(await issue()).toMatchObject({ title: "Faster", body: expect.not.stringMatching(/@acme|Fixes #9/) });
});

test("a specification that is too long for the issue is refused, and nothing is lost", async () => {
  await openIssue("x".repeat(60_000));
  expect(await server.refused("specifyIssue", { number: 1, specification: "y".repeat(9_000) })).toContain(
    "Write a shorter specification",
  );
  expect((await issue())?.body).toHaveLength(60_000);
});

test("places in the code become links to the commit that was read, where the commit has the file", async () => {
  const number = await openIssue();
  const sha = (await server.state()).branches.main ?? "";
  const body = "See `src/add.js:1`, `src/add.js:1-3`, `src/gone.js:1` and:\n\n```\n`src/add.js:1`\n```";
  await server.call("addComment", { number, body, linesAt: sha });
  const files = `${server.world.url}/${owner}/${repo}/blob/${sha}`;
  expect((await issue())?.comments[0]?.body).toBe(
    `See [\`src/add.js:1\`](${files}/src/add.js#L1), [\`src/add.js:1-3\`](${files}/src/add.js#L1-L3), \`src/gone.js:1\` and:\n\n\`\`\`\n\`src/add.js:1\`\n\`\`\``,
  );
});

test("an issue says whether it is a pull request", async () => {
  await openIssue();
  await server.call("createPullRequest", { head: "feature", base: "main", title: "Fix", body: "" });
  expect(await server.call("getIssue", { number: 1 })).toMatchObject({ isPullRequest: false });
  expect(await server.call("getIssue", { number: 2 })).toMatchObject({ isPullRequest: true });
});
