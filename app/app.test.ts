import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../shared/db.ts";
import { executionMarker } from "../shared/execution-marker.ts";
import { loadWorkflow } from "../shared/workflow.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { appId, commented, fakeDeps, labeled } from "../test/fake-context.ts";
import { addExecution } from "../test/rows.ts";
import type { AppDeps } from "./deps.ts";
import { onIssueComment } from "./handlers/issue-comment.ts";
import { onIssueLabeled } from "./handlers/issues.ts";
import { saveWorkflows } from "./start-execution.ts";

const file = loadWorkflow(
  "name: w\non: { label: afu9, command: run }\nsteps: [{ id: x, tool: a.b }]\n",
  "w.yml",
);
const queues = { nudge: async () => {}, waiting: async () => 0, work() {}, close: async () => {} };
const bot = { id: 8, login: "afu-9[bot]", type: "Bot" };
const ours = { id: appId };
let database: TestDatabase;
let db: Database;
let deps: AppDeps;
let replies: string[];
let issue = 0;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 4 });
  const workflows = await saveWorkflows(db, [file]);
  deps = fakeDeps({ db, queues, workflows });
});
beforeEach(() => {
  replies = [];
  issue += 1;
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const started = () => db.prisma.workflowExecution.findMany({ where: { issueNumber: issue } });

test("the command of a person starts, and the comment is written down", async () => {
  const comment = { id: 4711, body: "/afu9 run gently" };
  await onIssueComment(commented({ delivery: "d1", issue: { number: issue }, comment }, replies), deps);
  expect(await started()).toMatchObject([
    {
      deliveryId: "d1",
      commandCommentId: 4711n,
      depth: 0,
      trigger: { kind: "command", instructions: "gently" },
    },
  ]);
  expect(replies).toEqual([]);
});

test("one comment that comes in two deliveries starts one execution, also when the first has ended", async () => {
  const comment = { id: 4712, body: "/afu9 run" };
  const deliver = (delivery: string) =>
    onIssueComment(commented({ delivery, issue: { number: issue }, comment }, replies), deps);
  await deliver("d2");
  await db.prisma.workflowExecution.updateMany({ where: { issueNumber: issue }, data: { status: "failed" } });
  await deliver("d3");
  expect(await started()).toHaveLength(1);
  expect(replies).toEqual([]);
});

test("one comment starts one execution at most, also when it has two commands for that", async () => {
  const comment = { id: 4713, body: "/afu9 run\nfirst\n/afu9 run\nsecond" };
  const deliver = () =>
    onIssueComment(commented({ delivery: "d4", issue: { number: issue }, comment }, replies), deps);
  await deliver();
  await deliver();
  expect(await started()).toMatchObject([{ trigger: { instructions: "first" } }]);
  expect(replies).toEqual([expect.stringContaining("One comment starts one piece of work")]);
});

test.each([
  ["AFU-9 itself", { sender: bot, user: bot, performed_via_github_app: ours }],
  ["AFU-9 in a person's name", { sender: undefined, performed_via_github_app: ours }],
  ["another bot", { sender: { ...bot, id: 9 }, user: { ...bot, id: 9 } }],
])("a command that %s wrote starts nothing and is not answered", async (_name, { sender, ...made }) => {
  const comment = { id: 5000 + issue, body: "/afu9 run", ...made };
  const delivery = `d-${issue}`;
  await onIssueComment(commented({ delivery, issue: { number: issue }, sender, comment }, replies), deps);
  await onIssueLabeled(
    labeled(
      { delivery: `${delivery}-label`, issue: { number: issue, ...made }, sender, label: "afu9" },
      replies,
    ),
    deps,
  );
  expect(await started()).toEqual([]);
  expect(replies).toEqual([]);
});

test("an issue that an execution opened starts one level deeper, until it looks like a circle", async () => {
  const parents = await Promise.all([2, 3].map((depth) => addExecution(db, { depth })));
  const label = (delivery: string, parent: number) => {
    const body = executionMarker(parents[parent]?.id ?? "");
    const opened = { number: issue, user: bot, performed_via_github_app: ours, body };
    return onIssueLabeled(labeled({ delivery, issue: opened, label: "afu9" }, replies), deps);
  };
  await label("deep", 0);
  expect(await started()).toMatchObject([{ depth: 3 }]);
  issue += 1;
  await label("too-deep", 1);
  expect(await started()).toEqual([]);
  expect(replies).toEqual([expect.stringContaining("4 executions led to this issue")]);
});
