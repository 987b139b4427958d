// What a newcomer does first, run as a newcomer runs it: a process without a terminal.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../eventually.ts";
import { requireSandbox } from "../requires.ts";
import { answer, buggyRepository, edit, plan } from "../sample.ts";
import { commitFiles } from "../system.ts";

// A repository that is not the demo's own is refused without a sandbox.
const inSandbox = await requireSandbox();
const demo = join(import.meta.dirname, "../../local/demo/main.ts");
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "afu9-try-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the demo with a folder for temporary files of its own, so that anything it leaves behind is seen. */
function start(args: string[]) {
  const temporary = mkdtempSync(join(folder, "tmp-"));
  const child = spawn(process.execPath, [demo, ...args], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (data) => (said.out += data));
  child.stderr.on("data", (data) => (said.err += data));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const left = () => readdirSync(temporary).filter((name) => name.startsWith("afu9-"));
  return { child, said, ended, left, temporary };
}

/** The options for a repository of one's own, with the issue and the script of the test's folder. */
function own(repository: string, script: string): string[] {
  return [
    "--repo",
    repository,
    "--issue",
    join(folder, "issue.md"),
    "--model",
    `script:${join(folder, script)}`,
  ];
}

/** The processes whose command line names a folder. */
function processesIn(path: string): string[] {
  const all = execFileSync("ps", ["-eo", "pid,args"]).toString().split("\n");
  return all.filter((line) => line.includes(path));
}

function git(repository: string, ...args: string[]): string {
  return execFileSync("git", ["-C", repository, ...args])
    .toString()
    .trim();
}

test("without a terminal the demo shows the road, ends with the pull request, and leaves nothing behind", async () => {
  const { said, ended, left, temporary } = start([]);
  expect({ code: await ended, err: said.err }).toMatchObject({ code: 0 });
  const order = [
    "Delivery",
    "Intake",
    "Read the issue",
    "turn 1",
    "verify",
    "Commit the change",
    "Open the pull request",
    "Check run",
    "Diff",
    "Tests before",
    "Tests after",
  ];
  const places = order.map((text) => said.out.indexOf(text));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  // The issue and its label. What the App labels itself is no step of the road.
  expect(said.out.match(/Delivery/g)).toHaveLength(2);
  expect(left()).toEqual([]);
  expect(processesIn(temporary)).toEqual([]);
});

inSandbox(
  "a repository of one's own, in a folder with a space and off its branch, is only read; --json says all",
  async () => {
    const repository = await commitFiles(join(folder, "my project"), buggyRepository);
    git(repository, "checkout", "--quiet", "--detach");
    const before = [
      git(repository, "status", "--porcelain=2", "--branch"),
      git(repository, "for-each-ref"),
      git(repository, "count-objects", "-v"),
    ];
    writeFileSync(join(folder, "issue.md"), "# add(2, 2) is 0\n\nIt should be 4.\n");
    writeFileSync(join(folder, "script.json"), JSON.stringify([...plan, edit("a - b", "a + b"), answer]));

    const { said, ended } = start([...own(repository, "script.json"), "--json", "--exit"]);
    expect({ code: await ended, err: said.err }).toMatchObject({ code: 0 });
    const result = JSON.parse(said.out);
    expect(result).toMatchObject({
      pullRequest: { title: "Make add() add", draft: false },
      checkRuns: [{ name: "AFU-9", status: "completed", conclusion: "success" }],
      execution: { status: "succeeded", error: null },
      turns: 4,
    });
    const { head } = result.pullRequest;
    expect(git(result.repository.path, "rev-parse", `refs/heads/${head.branch}`)).toBe(head.sha);
    expect(git(result.repository.path, "show", `${head.sha}:add.js`)).toBe(
      "export const add = (a, b) => a + b;",
    );
    expect([
      git(repository, "status", "--porcelain=2", "--branch"),
      git(repository, "for-each-ref"),
      git(repository, "count-objects", "-v"),
    ]).toEqual(before);
  },
);

inSandbox(
  "a verification that never passes is exit code 1, with the evidence, and what was written is a draft",
  async () => {
    const repository = await commitFiles(join(folder, "hopeless"), buggyRepository);
    writeFileSync(join(folder, "issue.md"), "add(2, 2) is 0\n");
    writeFileSync(
      join(folder, "hopeless.json"),
      JSON.stringify([...plan, edit("a - b", "a * b + 1"), answer, answer, answer, answer]),
    );
    const { said, ended } = start([...own(repository, "hopeless.json"), "--json"]);
    expect(await ended).toBe(1);
    const result = JSON.parse(said.out);
    expect(result).toMatchObject({ pullRequest: { draft: true }, execution: { status: "failed" } });
    expect(result.error).toContain("Verification failed");
    expect(result.error).toContain("# fail 1");
  },
);

test("a demo that is stopped half-way ends everything it started", async () => {
  const { child, said, ended, left, temporary } = start([]);
  await eventually("the agent to work", async () => (said.out.includes("turn 1") ? true : undefined));
  child.kill("SIGINT");
  expect(await ended).not.toBe(0);
  expect(processesIn(temporary)).toEqual([]);
  expect(left()).toEqual([]);
});
