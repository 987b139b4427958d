// The life of one pull request: a plan that is approved, a draft, its CI, its base, and the people around it.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Trigger } from "../../shared/trigger.ts";
import { eventually } from "../eventually.ts";
import { answer, buggyRepository, edit, plan } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
const said = (value: object) => ({ text: JSON.stringify(value), calls: [] });
const agents = {
  plan,
  // Four verifications in vain.
  implement: [edit("a - b", "a * b + 1"), answer, answer, answer, answer],
  "diagnose-ci": [said({ verdict: "flaky", cause: "The runner lost its network." })],
  "fix-ci": [
    edit("a * b + 1", "a + b"),
    said({ title: "Add at last", summary: "It multiplied. ![](https://evil.example) @acme/all, fixes #1" }),
  ],
  rebase: [
    {
      text: "",
      calls: [
        { name: "writeFile", input: { path: "add.js", content: "export const add = (a, b) => b + a;\n" } },
      ],
    },
    said({ summary: "Kept the sum, in the order that the base has." }),
  ],
};
const files = { ...buggyRepository, ".github/afu9.yml": "verify: node --test\napproval: { plan: true }\n" };

let system: System;
let issue = 0;
let pull = { number: 0, branch: "" };
beforeAll(async () => {
  system = await startSystem({ script: { agents }, files });
}, 120_000);
afterAll(() => system?.close());

const rest = () => system.maintainer.rest;
const say = (number: number, body: string) =>
  rest().issues.createComment({ ...at, issue_number: number, body });
const readPull = async (number = pull.number) =>
  (await rest().pulls.get({ ...at, pull_number: number })).data;
const answers = async (number: number, text: string) =>
  eventually(`a comment on #${number} with "${text}"`, async () => {
    const { data } = await rest().issues.listComments({ ...at, issue_number: number, per_page: 100 });
    return data.find(({ user, body }) => user?.type === "Bot" && body?.includes(text))?.body;
  });

/** Waits until so many executions of an issue or pull request have ended, and gives the last one. */
const ended = (number: number, count: number) =>
  eventually(`execution ${count} of #${number} to end\n${system.lines.slice(-30).join("\n")}`, async () => {
    const rows = await system.db.prisma.workflowExecution.findMany({
      where: { issueNumber: number },
      orderBy: { createdAt: "asc" },
    });
    const last = rows[count - 1];
    return last?.finishedAt && last.reported === last.revision ? last : undefined;
  });
const stepsOf = async (executionId: string) => {
  const rows = await system.db.prisma.workflowStep.findMany({
    where: { executionId, status: { not: "skipped" } },
    orderBy: { position: "asc" },
  });
  return rows.map(({ stepId, status }) => (status === "succeeded" ? stepId : `${stepId} ${status}`));
};

type Jobs = Record<string, string>;
/** GitHub Actions have run on the pull request's branch. */
async function runEnds(jobs: Jobs): Promise<number> {
  const conclusion = Object.values(jobs).every((one) => one === "success") ? "success" : "failure";
  const list = Object.entries(jobs).map(([name, conclusion]) => ({ name, conclusion, log: "It failed." }));
  return (await system.github.addWorkflowRun("acme/sample", { branch: pull.branch, conclusion, jobs: list }))
    .id;
}

/** A person pushes a commit. */
async function push(branch: string, path: string, content: string): Promise<string> {
  const { git } = rest();
  const { data: ref } = await git.getRef({ ...at, ref: `heads/${branch}` });
  const parent = ref.object.sha;
  const { data: commit } = await git.getCommit({ ...at, commit_sha: parent });
  const entry = { path, mode: "100644" as const, type: "blob" as const, content };
  const { data: tree } = await git.createTree({ ...at, base_tree: commit.tree.sha, tree: [entry] });
  const made = await git.createCommit({ ...at, message: path, tree: tree.sha, parents: [parent] });
  await git.updateRef({ ...at, ref: `heads/${branch}`, sha: made.data.sha });
  return made.data.sha;
}

test("a plan waits for its approval; what then does not pass is proposed as a draft that says so", async () => {
  const { data } = await rest().issues.create({ ...at, title: "add(2, 2) is 0", labels: ["afu9"] });
  issue = data.number;
  await answers(issue, "### AFU-9 waits for your approval");
  const { data: none } = await rest().pulls.list(at);
  expect(none).toEqual([]);
  await say(issue, "/afu9 approve");
  const execution = await ended(issue, 1);
  expect(execution.status).toBe("failed");
  expect(execution.error).toContain("Verification failed 4 times");

  const [draft] = (await rest().pulls.list(at)).data;
  pull = { number: draft?.number ?? 0, branch: draft?.head.ref ?? "" };
  expect(draft).toMatchObject({ draft: true, title: "Make add() add" });
  expect(draft?.body).toContain("### Not verified: this is a draft");
  expect(draft?.body).toContain("- It did not pass: `node --test` failed with exit code 1.");
}, 120_000);

test("who tries again what became a draft gets another one, and the first stays as it is", async () => {
  const before = (await readPull()).head.sha;
  await say(issue, "/afu9 retry");
  await eventually("a second draft", async () => {
    const { data } = await rest().pulls.list(at);
    return data.find(({ draft, head }) => draft && head.ref === `${pull.branch}-2`);
  });
  expect((await readPull()).head.sha).toBe(before);
}, 120_000);

test("its failed CI is mended though the agent calls it flaky, for the tests fail here too; then it is ready", async () => {
  await runEnds({ test: "failure" });
  const execution = await ended(pull.number, 1);
  expect({ status: execution.status, error: execution.error }).toEqual({ status: "succeeded", error: null });
  expect(await stepsOf(execution.id)).toEqual([
    ...[
      "runs",
      "run",
      "workspace",
      "baseline",
      "diagnose",
      "fix",
      "changes",
      "commit",
      "ready",
      "tell-fix",
      "close",
    ],
  ]);
  const mended = await readPull();
  expect(mended.draft).toBe(false);
  const text = await answers(pull.number, `${mended.head.sha} is to mend it.`);
  expect(text).toContain("It multiplied. !\u200b[](https://evil.example) @\u200bacme/all, f\u200bixes #1");
  expect(text).toContain("- `node --test`: passed, exit code 0");
  const { data: commit } = await rest().git.getCommit({ ...at, commit_sha: mended.head.sha });
  expect(commit.verification.verified).toBe(true);
}, 120_000);

test("what the agent calls flaky runs again where the tests pass without a change; a third failure is left to people", async () => {
  const run = await runEnds({ test: "failure" });
  const execution = await ended(pull.number, 2);
  expect(execution.error).toBeNull();
  expect(await stepsOf(execution.id)).toEqual([
    ...["runs", "run", "workspace", "baseline", "diagnose", "rerun", "tell-rerun", "close"],
  ]);
  await answers(pull.number, "The runner lost its network.");
  await system.github.endWorkflowRun("acme/sample", run, { jobs: { test: { conclusion: "failure" } } });
  await answers(pull.number, "`CI` has failed again after I tried 2 times");
  expect(await system.db.prisma.workflowExecution.count({ where: { issueNumber: pull.number } })).toBe(2);
}, 120_000);

test("after a person's push it looks again; jobs that passed on that commit before run again without an agent", async () => {
  await push(pull.branch, "notes.md", "By hand.\n");
  await runEnds({ test: "success", lint: "success" });
  await runEnds({ test: "failure", lint: "success" });
  const execution = await ended(pull.number, 3);
  expect(execution.error).toBeNull();
  expect(await stepsOf(execution.id)).toEqual(["runs", "run", "rerun", "tell-rerun"]);
  await answers(pull.number, "each of them passed on this commit before.");
}, 120_000);

test("a base that does not conflict is merged without an agent, as a commit with both parents", async () => {
  const head = (await readPull()).head.sha;
  const base = await push("main", "other.md", "Meanwhile.\n");
  await say(pull.number, "/afu9 rebase");
  const execution = await ended(pull.number, 4);
  expect(execution.error).toBeNull();
  expect(await stepsOf(execution.id)).toEqual([
    ...["workspace", "check", "changes", "commit", "tell-merged", "close"],
  ]);
  const { data: commit } = await rest().git.getCommit({ ...at, commit_sha: (await readPull()).head.sha });
  expect(commit.parents.map(({ sha }) => sha)).toEqual([head, base]);
  expect(commit.verification.verified).toBe(true);
  await say(pull.number, "/afu9 rebase");
  expect((await ended(pull.number, 5)).error).toBeNull();
  await answers(pull.number, "has all of `main` already");
}, 120_000);

test("a base that conflicts is merged by the agent, and verified", async () => {
  await push("main", "add.js", "export const add = (a, b) => b - a;\n");
  expect((await readPull()).mergeable).toBe(false);
  await say(pull.number, "/afu9 rebase keep the sum");
  const execution = await ended(pull.number, 6);
  expect(execution.error).toBeNull();
  expect(await stepsOf(execution.id)).toEqual([
    ...["workspace", "resolve", "changes", "commit", "tell-resolved", "close"],
  ]);
  expect((await readPull()).mergeable).toBe(true);
  await answers(pull.number, "Kept the sum, in the order that the base has.");
}, 120_000);

test("a command on the wrong kind, and one that would push to a fork, are answered and start nothing", async () => {
  await system.github.createRepository({ owner: "reader", name: "sample", forkOf: "acme/sample" });
  const fork = { ...at, head: `reader:${pull.branch}`, base: "main", title: "From afar" };
  const { number } = (await system.reader.rest.pulls.create(fork)).data;
  const before = await system.db.prisma.workflowExecution.count();
  await say(number, "/afu9 rebase");
  await answers(number, "This pull request comes from a fork, and forks I only read");
  await say(pull.number, "/afu9 run");
  await answers(pull.number, "`/afu9 run` works on an issue. Write it there instead.");
  await say(issue, "/afu9 fix-ci");
  await answers(issue, "`/afu9 fix-ci` works on a pull request. Write it there instead.");
  expect(await system.db.prisma.workflowExecution.count()).toBe(before);
}, 120_000);

test("whatever started it: on a pull request from a fork a worker calls no tool that changes something", async () => {
  const { prisma } = system.db;
  const source = `name: push
on: {}
steps:
  - { id: say, tool: github.addComment, with: { owner: acme, repo: sample, number: ${pull.number}, body: Seen. } }
  - { id: push, tool: github.createBranch, with: { owner: acme, repo: sample, branch: b, sha: "\${{ pullRequest.head.sha }}" } }
`;
  const workflow = await prisma.workflow.create({ data: { name: "push", version: "1", source } });
  const row = await prisma.workflowExecution.findFirstOrThrow({ where: { issueNumber: pull.number } });
  const trigger = Trigger.parse(row.trigger);
  const { id } = await prisma.workflowExecution.create({
    data: {
      ...{ workflowId: workflow.id, installationId: row.installationId, repositoryId: row.repositoryId },
      ...{ issueNumber: pull.number, deliveryId: "by-hand" },
      trigger: {
        ...trigger,
        delivery: "by-hand",
        pullRequest: { ...trigger.pullRequest, isFork: true },
      },
    },
  });
  const execution = await eventually("it to end", async () => {
    const found = await prisma.workflowExecution.findUniqueOrThrow({ where: { id } });
    return found.finishedAt ? found : undefined;
  });
  expect(execution.error).toContain("On a pull request from a fork github.createBranch may not be used");
  expect(await stepsOf(id)).toEqual(["say", "push failed"]);
  expect(Object.keys((await system.github.repository("acme/sample")).branches)).not.toContain("b");
}, 120_000);
