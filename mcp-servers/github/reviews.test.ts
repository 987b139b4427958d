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

type Threads = {
  threads: { id: string; line: number | null; comments: { body: string }[]; earlierComments: number }[];
  leftOut: number;
};
const threads = (args = {}) => server.call<Threads>("listReviewThreads", { number: 1, ...args });
const remark = { path: "src/add.js", line: 1, body: "What about strings?" };

async function remarkAsPerson(): Promise<string> {
  await server.world.asPerson.rest.pulls.createReview({
    owner,
    repo,
    pull_number: 1,
    event: "COMMENT",
    comments: [remark],
  });
  const [thread] = (await threads()).threads;
  return thread?.id ?? "";
}

test("review threads say where they are and who said what, in one request", async () => {
  await remarkAsPerson();
  await server.world.github.forgetRequests();
  const { id } = server.world.person;
  expect(await threads()).toMatchObject({
    threads: [
      {
        path: "src/add.js",
        line: 1,
        isResolved: false,
        isOutdated: false,
        comments: [{ author: { id, login: "maintainer", type: "User" }, body: remark.body }],
        earlierComments: 0,
      },
    ],
    leftOut: 0,
  });
  expect(await server.world.github.requests()).toHaveLength(1);
});

test("of a long thread the last comments come, each cut where it is too long", async () => {
  const thread = await remarkAsPerson();
  const replies = Array.from({ length: 21 }, (_, index) => `${index} ${"x".repeat(5_000)}`);
  for (const body of replies) await server.call("replyToReviewThread", { number: 1, thread, body });
  const [shown] = (await threads()).threads;
  expect(shown?.comments).toHaveLength(20);
  expect(shown?.earlierComments).toBe(2);
  expect(shown?.comments[0]?.body).toMatch(/^1 x{3998}\n… \(\d+ more characters are left out\)$/);
});

test("a reply is written once, also when GitHub fails after it was", async () => {
  const thread = await remarkAsPerson();
  await server.failAfterWrite("POST", "/repos/*/*/pulls/*/comments/*/replies");
  const args = { number: 1, thread, body: "They are refused now." };
  expect(await server.refused("replyToReviewThread", args)).toContain("could not be done");
  expect(await server.call("replyToReviewThread", args)).toMatchObject({ existed: true });
  expect(await server.call("replyToReviewThread", { ...args, body: "And tested." })).toMatchObject({
    existed: false,
  });
  const comments = (await server.state()).pulls[0]?.threads?.[0]?.comments;
  expect(comments?.map(({ author }) => author)).toEqual(["maintainer", "test-app[bot]", "test-app[bot]"]);
});

test("another execution may say the same, and a thread of another pull request is refused", async () => {
  const thread = await remarkAsPerson();
  const args = { owner, repo, number: 1, thread, body: "Done." };
  await server.call("replyToReviewThread", args);
  const other = await server.connect({ execution: "execution-2" });
  expect(await other.call("replyToReviewThread", args)).toMatchObject({ existed: false });
  await other.close();
  expect(await server.refused("replyToReviewThread", { ...args, number: 2 })).toContain(
    "is not one of pull request 2",
  );
  expect(await server.refused("replyToReviewThread", { ...args, thread: "PRRT_unknown" })).toContain(
    "It does not exist",
  );
});

test("a review is made once, also when GitHub fails after it was", async () => {
  await server.failAfterWrite("POST", "/repos/*/*/pulls/*/reviews");
  const args = { number: 1, sha, body: "Nearly.", comments: [remark] };
  expect(await server.refused("createReview", args)).toContain("could not be done");
  expect(await server.call("createReview", args)).toMatchObject({ state: "COMMENTED", existed: true });
  expect(await server.call("createReview", { ...args, comments: [] })).toMatchObject({ existed: false });
  expect((await server.state()).pulls[0]?.reviews).toHaveLength(2);
});

test("a review of nothing, or as a judge of its own change, is refused", async () => {
  expect(await server.refused("createReview", { number: 1, sha })).toContain("has neither");
  const judging = { number: 1, sha, event: "REQUEST_CHANGES", body: "No." };
  expect(await server.refused("createReview", judging)).toContain("own pull request");
  expect(await server.refused("createReview", { ...judging, event: "APPROVE" })).toContain("event");
  expect((await server.state()).pulls[0]?.reviews).toEqual([]);
});
