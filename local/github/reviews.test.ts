import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openWorld, owner, refusalOf, repo, type World } from "./testing/world.ts";

let world: World;
const on = { owner, repo, pull_number: 1 };
const at = { owner, repo, issue_number: 1 };
const react = (octokit: Pick<World["octokit"], "graphql">, subject: string | undefined, content: string) =>
  octokit.graphql(
    "mutation ($subject: ID!, $content: ReactionContent!) { addReaction(input: { subjectId: $subject, content: $content }) { reaction { content } } }",
    { subject, content },
  );
const lines = Array.from({ length: 40 }, (_, index) => `${index + 1}`);
beforeEach(async () => {
  world = await openWorld();
  const { git, pulls } = world.asPerson.rest;
  const at = { owner, repo };
  const parent = (await git.getRef({ ...at, ref: "heads/main" })).data.object.sha;
  const content = (changed: string[]) => `${changed.join("\n")}\n`;
  const commit = async (from: string, changed: string[]) => {
    const file = { path: "lines.txt", mode: "100644", type: "blob", content: content(changed) } as const;
    const { data: tree } = await git.createTree({ ...at, base_tree: from, tree: [file] });
    return (await git.createCommit({ ...at, message: "Lines", tree: tree.sha, parents: [from] })).data.sha;
  };
  const base = await commit(parent, lines);
  await git.updateRef({ ...at, ref: "heads/main", sha: base });
  const head = await commit(base, lines.with(4, "five").with(29, "thirty"));
  await git.createRef({ ...at, ref: "refs/heads/lines", sha: head });
  await pulls.create({ ...at, head: "lines", base: "main", title: "Lines" });
});
afterEach(() => world.close());

const review = (comment: object) =>
  world.asPerson.rest.pulls.createReview({
    ...on,
    event: "COMMENT",
    comments: [{ path: "lines.txt", line: 5, body: "Why?", ...comment }],
  });

test("a comment may stand on several lines of one hunk, as GitHub shows them", async () => {
  await review({ start_line: 3, start_side: "RIGHT", side: "RIGHT" });
  const [pull] = (await world.github.repository(`${owner}/${repo}`)).pulls;
  expect(pull?.threads).toMatchObject([{ startLine: 3, line: 5, side: "RIGHT" }]);
  const answer = await world.octokit.graphql(
    `query { repository(owner: "${owner}", name: "${repo}") { pullRequest(number: 1) {
      reviewThreads(first: 1) { nodes { startLine line originalLine diffSide } } } } }`,
  );
  expect(answer).toMatchObject({
    repository: {
      pullRequest: {
        reviewThreads: { nodes: [{ startLine: 3, line: 5, originalLine: 5, diffSide: "RIGHT" }] },
      },
    },
  });
});

test.each([
  ["a line between the hunks", { line: 15 }],
  ["lines of two hunks", { start_line: 5, line: 30 }],
  ["lines that end before they begin", { start_line: 6, line: 5 }],
  ["a file that was not changed", { path: "README.md", line: 1 }],
])("%s is refused, and nothing of the review is kept", async (_, comment) => {
  expect((await refusalOf(review(comment)))?.status).toBe(422);
  const [pull] = (await world.github.repository(`${owner}/${repo}`)).pulls;
  expect(pull?.reviews).toEqual([]);
});

test("a thread that a person resolves is resolved", async () => {
  await review({});
  const threads = `query { repository(owner: "${owner}", name: "${repo}") { pullRequest(number: 1) {
    reviewThreads(first: 1) { nodes { id isResolved } } } } }`;
  type Threads = {
    repository: { pullRequest: { reviewThreads: { nodes: { id: string; isResolved: boolean }[] } } };
  };
  const first = async () =>
    (await world.asPerson.graphql<Threads>(threads)).repository.pullRequest.reviewThreads.nodes[0];
  const id = (await first())?.id;
  await world.asPerson.graphql(
    "mutation ($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { isResolved } } }",
    { id },
  );
  expect(await first()).toEqual({ id, isResolved: true });
});

test("people and Apps react to comments, reviews and their comments, once with each kind", async () => {
  await review({});
  const pull = async () => (await world.github.repository(`${owner}/${repo}`)).pulls[0];
  const { data: comment } = await world.asPerson.rest.issues.createComment({ ...at, body: "Hm." });
  const { data: reviews } = await world.asPerson.rest.pulls.listReviews(on);
  const [line] = await world.hooks.until("pull_request_review_comment.created");
  const subjects = [comment.node_id, reviews[0]?.node_id, String(Object(line?.payload.comment).node_id)];
  for (const subject of [...subjects, comment.node_id]) {
    await react(world.octokit, subject, "EYES");
    await react(world.asPerson, subject, "THUMBS_UP");
  }
  const both = [
    { content: "eyes", login: "test-app[bot]" },
    { content: "+1", login: "maintainer" },
  ];
  expect(await pull()).toMatchObject({
    comments: [{ reactions: both }],
    reviews: [{ reactions: both }],
    threads: [{ comments: [{ reactions: both }] }],
  });
});

test("a token without the permission reacts to nothing, and nobody to what is not there", async () => {
  const { data: comment } = await world.asPerson.rest.issues.createComment({ ...at, body: "Hm." });
  const reader = world.as(await world.token({ permissions: { issues: "read" } }));
  await expect(react(reader, comment.node_id, "EYES")).rejects.toThrow(
    "Resource not accessible by integration",
  );
  await expect(react(world.octokit, "IC_none", "EYES")).rejects.toThrow("Could not resolve to a node");
});
