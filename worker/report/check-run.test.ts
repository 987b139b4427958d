import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
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

const finding = { path: "src/add.js", line: 1, severity: "major", title: "It subtracts", body: "See @pat." };

test("a review that found something is neutral, and says it on the lines, once", async () => {
  const { id, head } = await reports.review([
    finding,
    { ...finding, side: "LEFT" },
    ...Array(60).fill(finding),
  ]);
  await reports.report(id);
  await reports.set(id, { revision: 5, error: "Something to show." });
  await reports.report(id);
  const [run, ...more] = await reports.checkRuns(head);
  expect(more).toEqual([]);
  expect(run).toMatchObject({ conclusion: "neutral", output: { annotations_count: 61 } });
  const of = { owner, repo, check_run_id: run?.id ?? 0 };
  const { data } = await reports.world.octokit.rest.checks.listAnnotations(of);
  expect(data[0]).toMatchObject({
    path: "src/add.js",
    start_line: 1,
    annotation_level: "warning",
    title: "It subtracts",
    message: "See @\u200bpat.",
  });
});

test("annotations that were sent and not written down are not sent again", async () => {
  const { id, head } = await reports.review([finding]);
  await reports.report(id);
  await reports.set(id, { isReporting: true, isAnnotated: false, checkRunKey: null, revision: 5 });
  await reports.report(id);
  expect(await reports.checkRuns(head)).toMatchObject([{ output: { annotations_count: 1 } }]);
});

test("a review that requests changes fails the check, and one without findings is a success", async () => {
  const { id, head } = await reports.review([finding]);
  await reports.left(id, "post", { state: "CHANGES_REQUESTED" });
  await reports.report(id);
  expect(await reports.checkRuns(head)).toMatchObject([{ conclusion: "failure" }]);
});

test("a head that the execution pushed gets a check run of its own, and the one before is completed", async () => {
  const { id, head, sha } = await reports.review([]);
  await reports.set(id, { status: "running", finishedAt: null });
  await reports.report(id);
  await reports.left(id, "commit", { sha });
  await reports.set(id, { revision: 5 });
  await reports.report(id);
  expect(await reports.checkRuns(head)).toMatchObject([
    { status: "completed", conclusion: "neutral", output: { title: "AFU-9 went on" } },
  ]);
  expect(await reports.checkRuns(sha)).toMatchObject([{ status: "in_progress", external_id: id }]);
});
