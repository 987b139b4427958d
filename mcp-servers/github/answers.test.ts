// Answers in the review threads of a pull request.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";

let server: GithubServer;
let sha: string;
beforeEach(async () => {
  server = await openGithubServer();
  sha = (await server.state()).branches.feature ?? "";
  await server.call("createPullRequest", { head: "feature", base: "main", title: "Fix", body: "" });
});
afterEach(() => server.close());

type Listed = { id: string; isAnswered: boolean; originalLine: number; comments: { body: string }[] };
const threads = async (args = {}) =>
  (await server.call<{ threads: Listed[] }>("listReviewThreads", { number: 1, ...args })).threads;
const said = async () =>
  (await server.state()).pulls[0]?.threads?.map(({ comments }) => comments.map(({ body }) => body));

/** A person asks, each time in a thread of its own. */
async function ask(...bodies: string[]): Promise<string[]> {
  await server.world.asPerson.rest.pulls.createReview({
    ...{ owner, repo, pull_number: 1, event: "COMMENT" },
    comments: bodies.map((body) => ({ path: "src/add.js", line: 1, body })),
  });
  return (await threads()).map(({ id }) => id);
}

test("every answer stands in its thread, with the commit where the code was changed for it", async () => {
  const [first = "", second = ""] = await ask("Strings?", "Why plus?");
  const answers = [
    { thread: first, reply: "They are refused now.", changed: true },
    { thread: second, reply: "Because it adds, @acme/owners.", changed: false },
  ];
  expect(await server.call("answerReviewThreads", { number: 1, sha, answers })).toMatchObject({
    replies: [{ existed: false }, { existed: false }],
    gone: [],
  });
  expect(await said()).toEqual([
    [
      "Strings?",
      expect.stringMatching(new RegExp(`^They are refused now\\.\n\nChanged in ${sha}\\.\n\n<!-- afu9:`)),
    ],
    ["Why plus?", expect.stringMatching(/^Because it adds, @\u200bacme\/owners\.\n\n<!-- afu9:/)],
  ]);
});

test("answers that were given are not given again: after a fault in the middle, or with other words", async () => {
  const ids = await ask("One?", "Two?", "Three?");
  const answers = ids.map((thread) => ({ thread, reply: "Yes.", changed: false }));
  await server.call("answerReviewThreads", { number: 1, answers: answers.slice(0, 1) });
  await server.failAfterWrite("POST", "/repos/*/*/pulls/*/comments/*/replies");
  expect(await server.refused("answerReviewThreads", { number: 1, answers })).toContain("could not be done");
  const other = answers.map((one) => ({ ...one, reply: "Indeed." }));
  expect(await server.call("answerReviewThreads", { number: 1, answers: other })).toMatchObject({
    replies: [{ existed: true }, { existed: true }, { existed: false }],
  });
  expect((await said())?.map((comments) => comments.length)).toEqual([2, 2, 2]);
});

test("a change is claimed only with a commit, and a thread that is not there is named", async () => {
  const [thread = ""] = await ask("Strings?");
  const answers = [
    { thread, reply: "Done.", changed: true },
    { thread: "PRRT_another", reply: "Done.", changed: true },
  ];
  expect(await server.call("answerReviewThreads", { number: 1, answers })).toMatchObject({
    gone: ["PRRT_another"],
  });
  expect((await said())?.[0]?.[1]).toContain("Done.\n\nNo file was changed for this.");
});

test("a thread waits for an answer until we have replied, and again when somebody speaks after that", async () => {
  const [thread = ""] = await ask("Strings?");
  await server.call("createReview", {
    ...{ number: 1, sha, comments: [{ path: "src/add.js", line: 1, body: "Our own remark." }] },
  });
  const waiting = async () =>
    (await threads({ unanswered: true })).map(({ comments }) => comments.at(-1)?.body.split("\n")[0]);
  expect(await waiting()).toEqual(["Strings?", "Our own remark."]);

  await server.call("answerReviewThreads", {
    number: 1,
    answers: [{ thread, reply: "Refused.", changed: false }],
  });
  expect(await waiting()).toEqual(["Our own remark."]);

  const top = (await server.state()).pulls[0]?.threads?.[0];
  expect(top?.comments).toHaveLength(2);
  const { data: reviews } = await server.world.asPerson.rest.pulls.listReviews({
    owner,
    repo,
    pull_number: 1,
  });
  expect(reviews).toHaveLength(3);
  const [{ first }] = await firstComments();
  await server.world.asPerson.rest.pulls.createReplyForReviewComment({
    ...{ owner, repo, pull_number: 1, comment_id: first, body: "Where?" },
  });
  expect(await waiting()).toEqual(["Where?", "Our own remark."]);
});

async function firstComments(): Promise<[{ first: number }]> {
  const { data } = await server.world.asPerson.rest.pulls.listReviews({ owner, repo, pull_number: 1 });
  expect(data.length).toBeGreaterThan(0);
  const [thread] = await server
    .call<{ threads: { comments: { id: number }[] }[] }>("listReviewThreads", {
      number: 1,
    })
    .then(({ threads }) => threads);
  return [{ first: thread?.comments[0]?.id ?? 0 }];
}
