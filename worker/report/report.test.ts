import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
import { keepLabelNodes } from "../../shared/label-nodes.ts";
import { openReports, type Reports } from "../../test/open-reports.ts";

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

const unknown = {
  ...{ commentId: null, commentNode: null, commentKey: null },
  ...{ checkRunId: null, checkRunNode: null, checkRunSha: null, checkRunKey: null, stateLabel: null },
};

test("a report is one comment and one check run, and the next one changes these", async () => {
  const { id, issue_number, sha } = await reports.endedExecution();
  await reports.report(id);
  await reports.set(id, { status: "failed", revision: 5 });
  await reports.report(id);
  const [comment, ...others] = await reports.comments(issue_number);
  expect(others).toEqual([]);
  expect(comment?.body).toContain("### AFU-9 could not do this");
  expect(await reports.checkRuns(sha)).toMatchObject([
    { external_id: id, status: "completed", conclusion: "failure" },
  ]);
  expect(await reports.row(id)).toMatchObject({ reported: 5, commentId: BigInt(comment?.id ?? 0) });
  expect(reports.nudged).toEqual([]);
});

test("what was made and not written down is found again", async () => {
  const { id, issue_number, sha } = await reports.endedExecution();
  await reports.report(id);
  await reports.set(id, { ...unknown, isReporting: true });
  await reports.report(id);
  expect(await reports.comments(issue_number)).toHaveLength(1);
  expect(await reports.checkRuns(sha)).toHaveLength(1);
});

test("two reports at once make one comment; the one that came too late asks for another look", async () => {
  const { id, issue_number } = await reports.endedExecution();
  await reports.world.github.addFault({ path: "/graphql", delayMs: 300 });
  await Promise.all([reports.report(id), reports.report(id)]);
  expect(await reports.comments(issue_number)).toHaveLength(1);
  expect(reports.nudged).toEqual([`reports ${id}`]);
});

test("when the comment can't be written the check run comes to its end, and the report is tried again", async () => {
  const { id, sha } = await reports.endedExecution();
  await reports.world.github.addFault({ path: "/graphql", field: "addComment" });
  await expect(reports.report(id)).rejects.toThrow("GitHub did not do addComment: Something went wrong");
  expect(await reports.checkRuns(sha)).toMatchObject([{ status: "completed" }]);
  expect((await reports.row(id)).reported).toBeLessThan(4);
  await reports.report(id);
  expect((await reports.row(id)).reported).toBe(4);
  expect(await reports.checkRuns(sha)).toHaveLength(1);
});

test("what GitHub shows already is not sent again, and what the work has cost until now only with something else", async () => {
  const { id, issue_number, sha } = await reports.endedExecution();
  await reports.set(id, { status: "running", finishedAt: null });
  await reports.report(id);
  await reports.world.github.forgetRequests();
  const run = { executionId: id, stepId: "pr", agent: "a", provider: "p", model: "m", turns: 3, costUsd: 1 };
  await reports.db.prisma.agentRun.create({ data: run });
  await reports.set(id, { revision: 5 });
  await reports.report(id);
  expect(await reports.world.github.requests()).toEqual([]);
  expect((await reports.row(id)).reported).toBe(5);

  await reports.set(id, { revision: 6, wish: "cancel" });
  await reports.report(id);
  expect(await reports.asked()).toEqual(["POST /graphql"]);
  expect((await reports.comments(issue_number))[0]?.body).toContain("3 turns");
  expect(await reports.checkRuns(sha)).toMatchObject([{ output: { title: "AFU-9 is stopping" } }]);
});

test("a report is one request, also the first one: nothing was there before, and the labels are known", async () => {
  const { id, issue_number, sha } = await reports.endedExecution();
  const { data } = await reports.world.asPerson.rest.issues.createLabel({ owner, repo, name: "afu9/done" });
  await keepLabelNodes(reports.db.pool, reports.world.repository.id, [data]);
  await reports.world.github.forgetRequests();
  await reports.report(id);
  expect(await reports.asked()).toEqual(["POST /graphql"]);
  expect(await reports.comments(issue_number)).toHaveLength(1);
  expect(await reports.checkRuns(sha)).toHaveLength(1);
  expect(await reports.labels(issue_number)).toEqual(["afu9/done"]);
});

test("what a webhook did not tell is asked for", async () => {
  const { id, issue_number, sha } = await reports.endedExecution({ hasNodes: false });
  await reports.report(id);
  expect(await reports.comments(issue_number)).toHaveLength(1);
  expect(await reports.checkRuns(sha)).toHaveLength(1);
  expect(await reports.labels(issue_number)).toEqual(["afu9/done"]);
});

test("what was made before GraphQL's ids were kept is found, and changed", async () => {
  const { id, issue_number, sha } = await reports.endedExecution();
  await reports.report(id);
  await reports.set(id, { commentNode: null, checkRunNode: null, status: "failed", revision: 5 });
  await reports.report(id);
  expect(await reports.comments(issue_number)).toMatchObject([
    { body: expect.stringContaining("AFU-9 could not do this") },
  ]);
  expect(await reports.checkRuns(sha)).toMatchObject([{ conclusion: "failure" }]);
  expect(await reports.row(id)).toMatchObject({
    commentNode: expect.stringMatching(/^IC_/),
    checkRunNode: expect.stringMatching(/^CR_/),
  });
});

test("the command that started it shows that it did and how it ended, and a reaction that fails keeps nothing from its end", async () => {
  const issue_number = (await reports.execution()).issue_number;
  const { data: said } = await reports.world.asPerson.rest.issues.createComment({
    ...{ owner, repo, issue_number, body: "/afu9 run" },
  });
  const source = { kind: "comment", id: said.id, node: said.node_id };
  const { id } = await reports.execution({ number: issue_number, trigger: { source } });
  const seen = async () => {
    const { data } = await reports.world.octokit.rest.reactions.listForIssueComment({
      ...{ owner, repo, comment_id: said.id },
    });
    return data.map(({ content }) => content);
  };
  await reports.set(id, { status: "running", finishedAt: null });
  await reports.report(id);
  expect(await seen()).toEqual(["rocket"]);
  await reports.set(id, { status: "failed", finishedAt: new Date(), revision: 5 });
  await reports.world.github.addFault({ path: "/graphql", field: "addReaction", type: "FORBIDDEN" });
  await reports.report(id);
  expect(await seen()).toEqual(["rocket"]);
  expect(await reports.row(id)).toMatchObject({ reported: 5 });
  await reports.set(id, { revision: 6 });
  await reports.report(id);
  expect(await seen()).toEqual(["rocket", "confused"]);

  // A retry has done it.
  await reports.set(id, { revision: 7, status: "succeeded", round: 2 });
  await reports.report(id);
  expect(await seen()).toEqual(["rocket", "hooray"]);
});

test.each(["removed", "suspended", "archived"] as const)(
  "of an execution whose repository is %s nothing is asked of GitHub, until the App may work there again",
  async (state) => {
    const { id, issue_number } = await reports.execution({});
    const where = { id: BigInt(reports.world.repository.id) };
    await reports.db.prisma.repository.update({ where, data: { state } });
    await reports.world.github.forgetRequests();
    await reports.report(id);
    expect(await reports.world.github.requests()).toEqual([]);
    await reports.db.prisma.repository.update({ where, data: { state: "active" } });
    await reports.report(id);
    expect(await reports.comments(issue_number)).toHaveLength(1);
  },
);

test("a report is written to a repository under the name that it has now", async () => {
  const { id, issue_number } = await reports.execution({});
  await reports.world.github.changeRepository(`${owner}/${repo}`, { name: "renamed" });
  await reports.db.prisma.repository.update({
    where: { id: BigInt(reports.world.repository.id) },
    data: { name: "renamed" },
  });
  await reports.report(id);
  expect(await reports.comments(issue_number)).toHaveLength(1);
  expect((await reports.row(id)).reported).toBe((await reports.row(id)).revision);
});
