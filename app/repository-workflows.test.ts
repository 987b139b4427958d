import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../shared/db.ts";
import { loadWorkflow } from "../shared/workflow.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { commented, fakeDeps, labeled } from "../test/fake-context.ts";
import { takenBy } from "./commands/taken-names.ts";
import type { AppDeps } from "./deps.ts";
import { onIssueComment } from "./handlers/issue-comment.ts";
import { onIssueLabeled } from "./handlers/issues.ts";
import { createRepositoryWorkflows } from "./repository-workflows.ts";
import { saveWorkflows } from "./start-execution.ts";

const builtIn = loadWorkflow(
  "name: w\non: { label: afu9, command: run }\nsteps: [{ id: x, tool: a.b }]\n",
  "w.yml",
);
const queues = { nudge: async () => {}, waiting: async () => 0, work() {}, close: async () => {} };
const greet = `name: greet
on: { command: greet, label: hello }
steps:
  - { id: issue, tool: github.getIssue }
  - { id: look, agent: plan, until: workspace.verify }
`;
const ship = `name: ship
on: { command: ship, label: release }
steps:
  - id: merge
    tool: github.mergePullRequest
  - id: think
    agent: plan
    until: deploy.check
`;
const folder = ".github/afu9/workflows";
let database: TestDatabase;
let db: Database;
let deps: AppDeps;
let files: Record<string, string | Buffer>;
let requests: string[];
let replies: string[];
let count = 0;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 4 });
});
beforeEach(async () => {
  const workflows = await saveWorkflows(db, [builtIn]);
  const taken = takenBy(workflows);
  const repositoryWorkflows = createRepositoryWorkflows({ db, taken, agents: ["plan"] });
  deps = fakeDeps({ db, queues, workflows, repositoryWorkflows });
  files = { "greet.yml": greet, "ship.yml": ship, "notes.md": "no workflow" };
  requests = [];
  replies = [];
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** A GitHub that has the files on its default branch. */
const answers = {
  "repos.getContent": ({ headers }: { headers?: Record<string, string> }) => {
    requests.push("folder");
    const entries = Object.entries(files).map(([name, content]) => {
      const sha = Buffer.from(name).toString("hex");
      return { type: "file", name, path: `${folder}/${name}`, sha, size: content.length };
    });
    if (entries.length === 0) throw Object.assign(new Error("Not Found"), { status: 404 });
    const etag = JSON.stringify(files);
    if (headers?.["if-none-match"] === etag) throw Object.assign(new Error("Not modified"), { status: 304 });
    return { data: entries, headers: { etag } };
  },
  "git.getBlob": ({ file_sha }: { file_sha?: string }) => {
    const name = Buffer.from(file_sha ?? "", "hex").toString();
    requests.push(name);
    return { content: Buffer.from(files[name] ?? "").toString("base64") };
  },
};

async function say(body: string, more: object = {}): Promise<string> {
  count += 1;
  const happening = {
    delivery: `d-${count}`,
    issue: { number: count },
    comment: { id: count, body },
    answers,
  };
  const before = replies.length;
  await onIssueComment(commented({ ...happening, ...more }, replies), deps);
  return replies.slice(before).join("\n");
}
async function label(name: string): Promise<string> {
  count += 1;
  const before = replies.length;
  const happening = { delivery: `d-${count}`, issue: { number: count }, label: name, answers };
  await onIssueLabeled(labeled(happening, replies), deps);
  return replies.slice(before).join("\n");
}
const started = () =>
  db.prisma.workflowExecution.findFirst({ where: { issueNumber: count }, include: { workflow: true } });

test("a command of a repository's workflow starts it, and its origin is that repository", async () => {
  expect(await say("/afu9 greet in German")).toBe("");
  expect(await started()).toMatchObject({
    trigger: { instructions: "in German" },
    workflow: { name: "greet", origin: "5", source: greet },
  });
});

test("so does its label; a label that nobody knows is nothing to talk about", async () => {
  expect(await label("hello")).toBe("");
  expect((await started())?.workflow.name).toBe("greet");
  expect(await label("bug")).toBe("");
  expect(await started()).toBeNull();
});

test("who may not write starts no workflow of the repository", async () => {
  expect(await say("/afu9 greet", { role: "triage" })).toContain("needs the role `write`");
  expect(await started()).toBeNull();
});

test("a tool that takes effect by itself is refused, with the file and the line, and only that file", async () => {
  for (const answer of [await say("/afu9 ship"), await label("release")]) {
    expect(answer).toContain(`${folder}/ship.yml:5: steps.0.tool: workflows of a repository may not use`);
    expect(answer).toContain(`${folder}/ship.yml:8: steps.1.until: workflows of a repository may not use`);
    expect(await started()).toBeNull();
  }
  expect(await say("/afu9 greet")).toBe("");
});

test.each([
  ["AFU-9's workflow's name", "name: w", ":1: name: `w` is taken."],
  ["AFU-9's workflow's label", "on: { command: c, label: afu9 }", ":1: on.label: `afu9` is taken."],
  ["AFU-9's workflow's command", "on: { command: run }", ":1: on.command: `run` is taken."],
  ["AFU-9's own command", "on: { command: cancel }", ":1: on.command: `cancel` is taken."],
  ["another file's command", "on: { command: greet }", ":1: on.command: `greet` is taken."],
  [
    "an agent that is not AFU-9's",
    "on: { command: c }\nsteps: [{ id: x, agent: evil }]",
    "there is no agent `evil`",
  ],
])("%s can't be had by a file of a repository", async (_name, lines, message) => {
  const rest = ["name: n", "on: { command: c }", "steps: [{ id: x, tool: github.getIssue }]"];
  const missing = rest.filter((line) => !lines.includes(line.split(":")[0] ?? ""));
  files["z.yml"] = [lines, ...missing].join("\n");
  const help = await say("/afu9 help");
  expect(help).toContain("These files can't be used: ");
  expect(help).toContain(`\`${folder}/z.yml\``);
  const { broken } = await deps.repositoryWorkflows.of(
    commented({ delivery: "x", issue: { number: 1 }, comment: { body: "" }, answers }, []),
  );
  expect(broken.find(({ path }) => path.endsWith("z.yml"))?.faults).toContain(message);
});

test("help lists the repository's workflows; their names can't break the table or mention people", async () => {
  files["odd.yml"] = greet
    .replaceAll("greet", "odd")
    .replace("name: odd", 'name: "a | b ` @all"')
    .replace("hello", "x");
  const help = await say("/afu9 help");
  expect(help).toContain(
    "| `/afu9 greet [instructions]` | Run the workflow `greet` on this issue. | write |",
  );
  expect(help).toContain("| Run the workflow `a \\| b ' @all` on this issue. |");
  expect(help.match(/`\/afu9 run/g)).toHaveLength(1);
});

test("a command that nobody has is answered so, and with the files whose command can't be read", async () => {
  expect(await say("/afu9 rnu")).toContain("There is no `/afu9 rnu`. Did you mean `run`? Try `/afu9 help`.");
  const long = await say(`/afu9 \`${"x".repeat(60_000)}`);
  expect(long.length).toBeLessThan(600);
  expect(long.split("\n\n")[1]?.match(/`/g)).toHaveLength(4);
  files["torn.yml"] = "on: { command: torn\n```\n@all";
  const answer = await say("/afu9 torn");
  expect(answer).toContain(`${folder}/torn.yml:`);
  expect(answer.match(/```/g)).toHaveLength(2);
});

test("a folder that has not changed costs one conditional request; a change is seen at once, and old versions stay", async () => {
  await say("/afu9 greet");
  const before = await started();
  expect(requests).toEqual(["folder", "greet.yml", "ship.yml"]);
  await say("/afu9 greet");
  expect(requests).toHaveLength(4);

  files["greet.yml"] = greet.replace("id: issue", "id: read");
  await say("/afu9 greet");
  expect((await started())?.workflow.source).toBe(files["greet.yml"]);
  const old = { where: { id: before?.id }, include: { workflow: true } };
  expect((await db.prisma.workflowExecution.findFirst(old))?.workflow.source).toBe(greet);

  files = {};
  expect(await say("/afu9 greet")).toContain("There is no `/afu9 greet`");
});

test("what AFU-9 knows itself asks GitHub for no folder", async () => {
  await say("/afu9 status");
  await label("afu9");
  expect(requests).toEqual([]);
});

test("too many files, one that is too large and one that is no text are refused, and are not fetched", async () => {
  for (let index = 0; index < 20; index++) files[`a${10 + index}.yml`] = greet;
  files["a00.yml"] = "#".repeat(64 * 1024 + 1);
  files["a01.yml"] = Buffer.from([0xff, 0xfe]);
  const answer = await say("/afu9 nothing");
  expect(answer).toContain(`${folder}/a00.yml: expected 65536 bytes at most, got 65537`);
  expect(answer).toContain(`${folder}/a01.yml: expected text in UTF-8`);
  expect(answer).toContain(`${folder}: expected 20 files at most, got 24; a28.yml and what follows it`);
  expect(requests).toHaveLength(1 + 19);
});

test("`workflows` lists AFU-9's and the repository's, each with what starts it, and the files that can't be used", async () => {
  const list = await say("/afu9 workflows", { role: "read" });
  expect(list).toContain("| `w` |  | the label `afu9`; `/afu9 run` on issues |");
  expect(list).toMatch(
    /### Of this repository[\s\S]*\| `greet` \| {2}\| the label `hello`; `\/afu9 greet` on issues \|/,
  );
  expect(list).toMatch(/These can't be used:[\s\S]*ship\.yml:5: .*may not use `github.mergePullRequest`/);
  files = {};
  expect(await say("/afu9 workflows")).toContain("It has none. A file in `.github/afu9/workflows/`");
});

test("a repository's command is in the help under a heading of its own, where its description mentions nobody", async () => {
  files["greet.yml"] = greet.replace("name: greet", "name: greet\ndescription: Greets @acme/all.");
  const help = await say("/afu9 help", { role: "read" });
  expect(help).toMatch(
    /### Of this repository's workflows[\s\S]*\| `\/afu9 greet \[instructions\]` \| Greets @\u200bacme\/all\. \|/,
  );
  expect(await say("/afu9 help greet")).toContain("Greets");
});
