import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
import { openReports, type Reports } from "../../test/open-reports.ts";
import { marker } from "./wording.ts";

let opened: Awaited<ReturnType<typeof openReports>>;
let reports: Reports;
beforeAll(async () => {
  opened = await openReports();
});
beforeEach(async () => {
  reports = await opened.next();
});
afterEach(() => reports.close());
afterAll(() => opened.close());

test("a person's comment that holds the marker is not taken for the report", async () => {
  const { id, issue_number } = await reports.endedExecution();
  const body = `${marker(id)}\nAll is well.`;
  await reports.world.asPerson.rest.issues.createComment({ owner, repo, issue_number, body });
  await reports.report(id);
  expect((await reports.comments(issue_number)).map((comment) => comment.body === body)).toEqual([
    true,
    false,
  ]);
});

test("a comment of the App that quotes the marker is not taken for the report", async () => {
  const { id, issue_number } = await reports.endedExecution();
  const body = `> ${marker(id)}`;
  await reports.world.octokit.rest.issues.createComment({ owner, repo, issue_number, body });
  await reports.report(id);
  expect((await reports.comments(issue_number)).map((comment) => comment.body === body)).toEqual([
    true,
    false,
  ]);
});

test("a report that somebody deleted is made again", async () => {
  const { id, issue_number } = await reports.endedExecution();
  await reports.report(id);
  const [comment] = await reports.comments(issue_number);
  await reports.set(id, { status: "failed", revision: 5 });
  await reports.world.asPerson.rest.issues.deleteComment({ owner, repo, comment_id: comment?.id ?? 0 });
  await reports.report(id);
  const made = await reports.comments(issue_number);
  expect(made).toHaveLength(1);
  expect((await reports.row(id)).commentId).toBe(BigInt(made[0]?.id ?? 0));
});

test("when the issue is gone the check run comes to its end all the same, and the report counts as written", async () => {
  const { id, sha } = await reports.endedExecution();
  await reports.world.github.addFault({ path: "/graphql", field: "addComment", type: "NOT_FOUND" });
  await reports.report(id);
  expect(await reports.checkRuns(sha)).toMatchObject([{ status: "completed", conclusion: "success" }]);
  expect(await reports.row(id)).toMatchObject({ reported: 4, commentId: null });
});

test("the check run of one that is paused for a decision asks for it, and is in progress again when it goes on", async () => {
  const { id, issue_number, sha } = await reports.endedExecution();
  const asks = { status: "paused", finishedAt: null, error: "The budget is spent.", revision: 5 };
  await reports.set(id, asks);
  await reports.report(id);
  expect(await reports.checkRuns(sha)).toMatchObject([
    {
      status: "completed",
      conclusion: "action_required",
      output: { title: "AFU-9 is paused and needs your decision" },
    },
  ]);
  // The sticky comment, and one that tells people: once, however often it is reported.
  await reports.report(id);
  const [sticky, question, ...more] = await reports.comments(issue_number);
  expect(sticky?.body).toContain("The budget is spent.");
  expect(question?.body).toContain(
    "AFU-9 has paused here and needs a decision:\n\n```\nThe budget is spent.\n```",
  );
  expect(more).toEqual([]);
  await reports.set(id, { status: "running", error: null, revision: 6 });
  await reports.report(id);
  expect(await reports.checkRuns(sha)).toMatchObject([{ status: "in_progress", conclusion: null }]);
  await reports.set(id, { status: "paused", revision: 7 });
  await reports.report(id);
  expect(await reports.checkRuns(sha)).toMatchObject([{ conclusion: "action_required" }]);
  expect(await reports.comments(issue_number)).toHaveLength(2);
  await reports.set(id, { ...asks, fence: 1, revision: 8 });
  await reports.report(id);
  expect(await reports.comments(issue_number)).toHaveLength(3);
});
