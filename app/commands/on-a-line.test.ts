// Commands on lines of a diff, as people write them on GitHub.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type FrontDoor, openFrontDoor } from "../../test/open-front-door.ts";

let door: FrontDoor;
let pull_number: number;
beforeAll(async () => {
  door = await openFrontDoor();
  const { git, pulls } = door.people.admin.rest;
  const { data: main } = await git.getRef({ ...door.at, ref: "heads/main" });
  const parent = main.object.sha;
  const { data: tree } = await git.createTree({
    ...{ ...door.at, base_tree: parent },
    tree: [{ path: "a.txt", mode: "100644", type: "blob", content: "one\ntwo\n" }],
  });
  const { data: commit } = await git.createCommit({
    ...{ ...door.at, message: "Add a.txt", tree: tree.sha, parents: [parent] },
  });
  await git.createRef({ ...door.at, ref: "refs/heads/afu9/issue-1", sha: commit.sha });
  const { data } = await pulls.create({ ...door.at, title: "A", head: "afu9/issue-1", base: "main" });
  pull_number = data.number;
  await opened(pull_number);
}, 60_000);
afterAll(() => door?.close());

/** An execution that opened the pull request. */
async function opened(number: number): Promise<void> {
  const issue = await door.open();
  await door.label("triage", issue, "afu9");
  await door.settle();
  const [execution] = await door.executions(issue);
  const at = new Date();
  await door.db.prisma.mcpToolCall.create({
    data: {
      ...{ executionId: execution?.id ?? "", sequence: 1, stepId: "pull-request", server: "github" },
      ...{ tool: "createPullRequest", arguments: {}, result: { number }, prevHash: "", hash: "x" },
      ...{ startedAt: at, completedAt: at, durationMs: 1 },
    },
  });
}

const review = (...bodies: string[]) =>
  door.people.write.rest.pulls.createReview({
    ...{ ...door.at, pull_number, event: "COMMENT" },
    comments: bodies.map((body, index) => ({ path: "a.txt", line: index + 1, body })),
  });
const onLines = async () =>
  (await door.people.admin.rest.pulls.listReviewComments({ ...door.at, pull_number })).data;

test("a command on a line is answered in its thread, once, and starts nothing besides", async () => {
  await review("/afu9 status");
  await door.settle();
  const [asked, answer, ...more] = await onLines();
  expect(answer).toMatchObject({
    in_reply_to_id: asked?.id,
    user: { login: "afu-9[bot]" },
    body: expect.stringContaining("> /afu9 status"),
  });
  expect(more).toEqual([]);
  expect(await door.replies(pull_number)).toEqual([]);
  expect(await door.executions(pull_number)).toEqual([]);
});

test("a command in a reply within the thread is answered in that thread, too", async () => {
  const [first] = await onLines();
  await door.people.write.rest.pulls.createReplyForReviewComment({
    ...{ ...door.at, pull_number, comment_id: first?.id ?? 0, body: "/afu9 config" },
  });
  await door.settle();
  expect((await onLines()).map(({ in_reply_to_id: top }) => top)).toEqual([
    undefined,
    ...[first?.id, first?.id, first?.id],
  ]);
  expect(await door.executions(pull_number)).toEqual([]);
});

test("a review with a remark beside a command starts what a review starts", async () => {
  await review("/afu9 status", "This should be three.");
  await door.settle();
  expect(await door.executions(pull_number)).toMatchObject([{ trigger: { kind: "pull_request_review" } }]);
});
