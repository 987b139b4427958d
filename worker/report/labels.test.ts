import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
import { keepLabelNodes, labelNodes } from "../../shared/label-nodes.ts";
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

test("an issue wears one label of ours, as its newest execution stands, and keeps those of others", async () => {
  const { id, issue_number } = await reports.endedExecution();
  await reports.world.asPerson.rest.issues.addLabels({ owner, repo, issue_number, labels: ["afu9", "bug"] });
  const seen = [];
  for (const status of ["queued", "running", "waiting", "paused", "running", "failed"]) {
    await reports.set(id, { status, revision: { increment: 1 } });
    await reports.report(id);
    seen.push(await reports.labels(issue_number));
  }
  expect(seen.map(([afu9, bug, ...ours]) => [afu9, bug, ours.join()])).toEqual(
    ["queued", "running", "waiting", "waiting", "running", "failed"].map((state) => [
      "afu9",
      "bug",
      `afu9/${state}`,
    ]),
  );

  const newer = await reports.endedExecution({ number: issue_number });
  await reports.report(newer.id);
  await reports.set(id, { revision: { increment: 1 } });
  await reports.report(id);
  expect(await reports.labels(issue_number)).toEqual(["afu9", "bug", "afu9/done"]);
  await reports.set(newer.id, { status: "cancelled", revision: { increment: 1 } });
  await reports.report(newer.id);
  expect(await reports.labels(issue_number)).toEqual(["afu9", "bug"]);
});

test("the labels are called as the repository calls them", async () => {
  const { id, issue_number } = await reports.endedExecution({ config: { labels: { done: "bot: done" } } });
  await reports.report(id);
  expect(await reports.labels(issue_number)).toEqual(["bot: done"]);
});

test("a label that was made anew under the same name is put on by its name, and its new id is kept", async () => {
  const { id, issue_number } = await reports.endedExecution();
  await keepLabelNodes(reports.db.pool, reports.world.repository.id, [
    { name: "afu9/done", node_id: "LA_gone" },
  ]);
  await reports.report(id);
  expect(await reports.labels(issue_number)).toEqual(["afu9/done"]);
  const { data } = await reports.world.octokit.rest.issues.getLabel({ owner, repo, name: "afu9/done" });
  expect(await labelNodes(reports.db.pool, reports.world.repository.id)).toEqual({
    "afu9/done": data.node_id,
  });
});
