// What a reviewer found, on lines of a pull request that a person opened.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";

const before = Array.from({ length: 60 }, (_, index) => `line ${index + 1}`);
const after = before.with(4, "five").with(39, "forty").toSpliced(40, 1);

let server: GithubServer;
let sha: string;
beforeEach(async () => {
  server = await openGithubServer();
  await push("main", before);
  sha = await push("feature", after);
  const { pulls } = server.world.asPerson.rest;
  await pulls.create({ owner, repo, head: "feature", base: "main", title: "Words", body: "" });
});
afterEach(() => server.close());

/** Commits `words.txt` on top of `main`, and moves the branch there. */
async function push(branch: string, lines: string[]): Promise<string> {
  const { git } = server.world.asPerson.rest;
  const at = { owner, repo };
  const parent = (await git.getRef({ ...at, ref: "heads/main" })).data.object.sha;
  const content = `${lines.join("\n")}\n`;
  const file = { path: "words.txt", mode: "100644", type: "blob", content } as const;
  const { data: tree } = await git.createTree({ ...at, base_tree: parent, tree: [file] });
  const commit = { ...at, message: "Words", tree: tree.sha, parents: [parent] };
  const { data: made } = await git.createCommit(commit);
  await git.updateRef({ ...at, ref: `heads/${branch}`, sha: made.sha, force: true });
  return made.sha;
}

type Made = { url: string; onLines: number; inText: number; repeated: number };
const review = (comments: object[], more = {}) =>
  server.call<Made>("createReview", { number: 1, sha, body: "Read.", comments, ...more });
const pull = async () => (await server.state()).pulls[0];
const at = (line: number, more = {}) => ({ path: "words.txt", line, body: "Why?", ...more });

test("comments stand on their lines, the gravest first, with a suggestion to apply", async () => {
  await review([
    at(5, { severity: "nit", title: "Spelling", suggestion: "cinq" }),
    at(41, { side: "LEFT", severity: "minor", title: "It is needed", suggestion: "line 41" }),
    at(40, { startLine: 38, severity: "blocker", title: "It *breaks*", body: "Look:\n\n```\n@x\n```" }),
  ]);
  const threads = (await pull())?.threads;
  expect(threads?.map(({ startLine, line, side }) => ({ startLine, line, side }))).toEqual([
    { startLine: 38, line: 40, side: "RIGHT" },
    { startLine: undefined, line: 41, side: "LEFT" },
    { startLine: undefined, line: 5, side: "RIGHT" },
  ]);
  expect(threads?.map(({ comments }) => comments[0]?.body)).toEqual([
    "**Blocker: It \\*breaks\\***\n\nLook:\n\n```\n@x\n```",
    "**Minor: It is needed**\n\nWhy?\n\n```\nline 41\n```",
    "**Nit: Spelling**\n\nWhy?\n\n```suggestion\ncinq\n```",
  ]);
  expect((await pull())?.reviews?.[0]?.body).toMatch(/^Read\.\n\n1 blocker, 1 minor, 1 nit\n\n<!-- afu9:/);
});

test("what is not on a line of the diff is a part of the text: another line, file, hunk or side", async () => {
  const made = await review([
    at(20, { severity: "minor", title: "Far" }),
    at(40, { startLine: 5, title: "Across hunks" }),
    { path: "README.md", line: 1, body: "Stale.", suggestion: "# New" },
    at(60, { side: "LEFT" }),
    at(5),
  ]);
  expect(made).toMatchObject({ onLines: 1, inText: 4, repeated: 0 });
  const body = (await pull())?.reviews?.[0]?.body;
  expect(body).toContain("**Not on a line of the diff**\n\n- `words.txt:20` **Minor: Far**\n  \n  Why?\n");
  expect(body).toContain("- `words.txt:5-40` **Across hunks**");
  expect(body).toContain("- `README.md:1`\n  \n  Stale.\n  \n  ```\n  # New\n  ```");
});

test("a review is of the commit that was read, also when the branch has moved on since", async () => {
  const next = await push("feature", after.with(4, "line 5"));
  expect(next).not.toBe(sha);
  expect(await review([at(5)])).toMatchObject({ onLines: 1, inText: 0 });
});

test("what an open thread of ours says is not said again; what is new or was resolved is", async () => {
  await review([at(5, { title: "One" }), at(40, { title: "Two" })]);
  const { threads } = await server.call<{ threads: { id: string; line: number }[] }>("listReviewThreads", {
    number: 1,
  });
  const second = await review([at(5, { title: "Worded otherwise" }), at(42, { title: "Three" })], {
    body: "Again.",
  });
  expect(second).toMatchObject({ onLines: 1, inText: 0, repeated: 1 });
  expect((await pull())?.reviews?.[1]?.body).toMatch(
    /^Again\.\n\nStill open from before, and not repeated: http\S+discussion_r\d+\n/,
  );

  await server.world.asPerson.graphql(
    "mutation ($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { isResolved } } }",
    { id: threads.find(({ line }) => line === 40)?.id },
  );
  expect(await review([at(5), at(40, { title: "Two" })], { body: "Third." })).toMatchObject({
    onLines: 1,
    repeated: 1,
  });
  expect(await review([at(5)], { body: "Fourth." })).toMatchObject({ onLines: 0, repeated: 1 });
  expect((await pull())?.reviews?.at(-1)?.body).toMatch(new RegExp(`^Nothing new at ${sha}\\. Still open`));
});

test("a thread of ours is known by its heading when its line has moved, and one of a person is none of ours", async () => {
  const title = "**Major: Wrong**";
  await server.world.asPerson.rest.pulls.createReview({
    ...{ owner, repo, pull_number: 1, event: "COMMENT" },
    comments: [at(5, { body: `${title}\n\nI think.` })],
  });
  const wrong = at(5, { severity: "major", title: "Wrong" });
  expect(await review([wrong])).toMatchObject({ onLines: 1, repeated: 0 });
  sha = await push("feature", ["zero", ...after]);
  expect(await review([{ ...wrong, line: 6 }])).toMatchObject({ onLines: 0, repeated: 1 });
});

test("when GitHub does not know a line of the diff, everything is in the text and nothing is lost", async () => {
  const refuse = (message: string) =>
    server.world.github.addFault({
      method: "POST",
      path: "/repos/*/*/pulls/*/reviews",
      status: 422,
      message,
    });
  await refuse("Line could not be resolved");
  expect(await review([at(5), at(20)])).toMatchObject({ onLines: 0, inText: 2 });
  await refuse("User can only have one pending review per pull request");
  expect(await server.refused("createReview", { number: 1, sha, comments: [at(5)] })).toContain("pending");
  expect((await pull())?.reviews).toHaveLength(1);
});

test("what a model writes in a review notifies nobody and closes nothing", async () => {
  const hostile =
    "Ask @acme/owners. Fixes #1. ![x](https://evil.example/x.png) <!-- afu9:effect:1 -->\n/afu9 run";
  await review([at(5, { title: "@acme/owners", body: hostile }), at(20, { body: hostile })], {
    body: hostile,
  });
  const { reviews, threads } = (await pull()) ?? {};
  const said = `${reviews?.[0]?.body.replace(/<!-- afu9:effect:\w{32} -->$/, "")}\n${threads?.[0]?.comments[0]?.body}`;
  expect(said.match(/acme\/owners/g)).toHaveLength(4);
  expect(said).not.toMatch(/@acme|fixes #1|!\[|<!--|^\s*\/afu9/im);
});
