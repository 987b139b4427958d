import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../shared/db.ts";
import { loadWorkflow } from "../shared/workflow.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { commented, fakeConfigs, fakeDeps, happened, labeled, pullRequest } from "../test/fake-context.ts";
import type { AppDeps } from "./deps.ts";
import { onIssueComment } from "./handlers/issue-comment.ts";
import { onIssueLabeled } from "./handlers/issues.ts";
import { onPullRequest } from "./handlers/pull-request.ts";
import { type SavedWorkflow, saveWorkflows } from "./start-execution.ts";

const files = [
  "name: build\non: { label: afu9, command: build }\nsteps: [{ id: x, tool: a.b }]\n",
  "name: look\non: { pull_request: {}, command: { name: look, works-on: [pull-request] } }\nsteps: [{ id: x, tool: github.getPullRequest }]\n",
].map((text) => loadWorkflow(text, "w.yml"));
const queues = { nudge: async () => {}, waiting: async () => 0, work() {}, close: async () => {} };
let database: TestDatabase;
let db: Database;
let workflows: SavedWorkflow[];
let replies: string[];
let number = 0;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 4 });
  workflows = await saveWorkflows(db, files);
});
beforeEach(() => {
  replies = [];
  number += 1;
});
afterAll(async () => {
  await db?.close();
  await database?.drop();
});

/** AFU-9 in a repository whose `.github/afu9.yml` says this. */
const where = (text: string): AppDeps => fakeDeps({ db, queues, workflows, configs: fakeConfigs(text) });
const started = () => db.prisma.workflowExecution.count({ where: { issueNumber: number } });
const say = (body: string, deps: AppDeps) =>
  onIssueComment(
    commented({ delivery: `c${number}`, issue: { number }, comment: { id: number, body } }, replies),
    deps,
  );
const label = (deps: AppDeps) =>
  onIssueLabeled(labeled({ delivery: `l${number}`, issue: { number }, label: "afu9" }, replies), deps);
const open = (deps: AppDeps) => {
  const payload = { action: "opened", pull_request: pullRequest(number) };
  return onPullRequest(happened("pull_request", payload, { delivery: `p${number}` }, replies), deps);
};

test("what is not switched off starts", async () => {
  await label(where(""));
  expect(await started()).toBe(1);
  number += 1;
  await open(where("workflows: { build: false }"));
  expect(await started()).toBe(1);
});

test.each([
  ["a command", (deps: AppDeps) => say("/afu9 build", deps)],
  ["its label", (deps: AppDeps) => label(deps)],
])("a workflow that is switched off is not started by %s, and the answer says why", async (_name, ask) => {
  await ask(where("workflows: { build: false }"));
  expect(await started()).toBe(0);
  expect(replies).toEqual([
    expect.stringContaining("The workflow `build` is switched off in this repository"),
  ]);
});

test("a workflow that is switched off is not in the help, and no event starts it", async () => {
  const deps = where("workflows: { look: false }");
  await say("/afu9 help", deps);
  expect(replies[0]).toContain("/afu9 build");
  expect(replies[0]).not.toContain("/afu9 look");
  number += 1;
  await say("/afu9 workflows", deps);
  expect(replies[1]).toContain("| `look` |  | nothing: switched off in `.github/afu9.yml` |");
  await open(deps);
  expect(await started()).toBe(0);
});

test("a trigger that is switched off starts nothing, and commands still do", async () => {
  await open(where("triggers: { pull_request: false }"));
  await label(where("triggers: { label: false }"));
  expect(await started()).toBe(0);
  await say("/afu9 build", where("triggers: { label: false }"));
  expect(await started()).toBe(1);
});
