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

test.each([
  ["@afu-9 mend it\nsoon", "mend it\n\nsoon"],
  ["@afu-9[bot]\n\nPlease mend it.", "Please mend it."],
  ["@afu-9, run it gently", "it gently"],
  ["@AFU-9 run gently", "gently"],
])("%j starts with these instructions: %j", async (body, instructions) => {
  const comment = { id: 6000 + issue, body };
  await onIssueComment(
    commented({ delivery: `m-${issue}`, issue: { number: issue }, comment }, replies),
    deps,
  );
  expect(await started()).toMatchObject([{ trigger: { kind: "command", command: "run", instructions } }]);
  expect(replies).toEqual([]);
});

test("a mention alone gets the help, and one with a slip what may have been meant", async () => {
  for (const [body, text] of [
    ["@afu-9", "| `/afu9 run [instructions]` |"],
    ["@afu-9 stauts", "Did you mean `status`?"],
  ] as const) {
    replies = [];
    const comment = { id: 7000, body };
    await onIssueComment(commented({ delivery: body, issue: { number: issue }, comment }, replies), deps);
    expect(replies.join()).toContain(text);
  }
  expect(await started()).toEqual([]);
});

test("what was seen shows on the comment, and a reaction that fails keeps nothing from it", async () => {
  const reactions: unknown[] = [];
  const answers = {
    graphql(variables: object) {
      reactions.push(variables);
      throw new Error("No reactions today");
    },
  };
  const comment = { id: 4714, body: "/afu9 run" };
  const happening = { delivery: "d5", issue: { number: issue }, comment, answers };
  await onIssueComment(commented(happening, replies), deps);
  expect(reactions).toEqual([{ subjectId: "IC_1", content: "EYES" }]);
  expect(await started()).toMatchObject([
    { trigger: { source: { kind: "comment", id: 4714, node: "IC_1" }, command: "run" } },
  ]);
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
