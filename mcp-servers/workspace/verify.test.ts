import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTestWorkspace, type TestWorkspace } from "../../test/start-test-workspace.ts";
import type { CheckResult } from "./check-tree.ts";

let system: TestWorkspace;
beforeAll(async () => {
  system = await startTestWorkspace("none");
});
afterAll(() => system.close());

type Changes = {
  tree: string;
  files: { path: string; mode?: string; content?: string; deleted?: true }[];
  diff: string;
  additions: number;
  deletions: number;
};
const config = (text: string) => ({ ".github/afu9.yml": text });

test("changes shows what was written, edited, deleted, linked and made executable", async () => {
  const { caller } = await system.open("changes", {
    "edit.txt": "old\n",
    "delete.txt": "x\n",
    "keep.txt": "x\n",
  });
  await caller.call("writeFile", { path: "new.txt", content: "new\n" });
  await caller.call("editFile", { path: "edit.txt", oldText: "old", newText: "fresh" });
  await caller.call("deleteFile", { path: "delete.txt" });
  await caller.call("runCommand", {
    command: "ln -s keep.txt link; printf '#!/bin/sh\\n' > run.sh; chmod +x run.sh; touch keep.txt",
  });

  const changes = await caller.call<Changes>("changes");
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  expect(changes.files).toEqual([
    { path: "delete.txt", deleted: true },
    { path: "edit.txt", mode: "100644", content: base64("fresh\n"), encoding: "base64" },
    { path: "link", mode: "120000", content: base64("keep.txt"), encoding: "base64" },
    { path: "new.txt", mode: "100644", content: base64("new\n"), encoding: "base64" },
    { path: "run.sh", mode: "100755", content: base64("#!/bin/sh\n"), encoding: "base64" },
  ]);
  expect(changes.diff).toContain("-old\n+fresh\n");
  expect(changes).toMatchObject({ additions: 4, deletions: 2 });
});

test("an edit that leaves a file's size and its time to the second is seen, also when it is looked for later", async () => {
  const { caller } = await system.open("same-second", { "edit.txt": "a - b\n", "keep.txt": "x\n" });
  await caller.call("editFile", { path: "edit.txt", oldText: "a - b", newText: "a + b" });
  const untilTheNextSecond = "until [ $(date +%s) -gt $(stat -c %Y keep.txt) ]; do sleep 0.05; done";
  await caller.call("runCommand", { command: `touch -r keep.txt edit.txt; ${untilTheNextSecond}` });
  expect((await caller.call<Changes>("changes")).files).toMatchObject([{ path: "edit.txt" }]);
});

test("a file may take the place of a directory, and a directory that of a file", async () => {
  const { caller } = await system.open("swaps", { "a/b.txt": "x\n", c: "x\n" });
  await caller.call("runCommand", { command: "rm -r a c; echo file > a; mkdir c; echo inside > c/d" });

  const { files } = await caller.call<Changes>("changes");
  expect(files.map(({ path, deleted }) => [path, deleted ?? false])).toEqual([
    ["a", false],
    ["a/b.txt", true],
    ["c", true],
    ["c/d", false],
  ]);
});

test("what git ignores and what setup made is no part of the change, unless it is changed later", async () => {
  const { caller } = await system.open("products", {
    ".gitignore": "*.log\n",
    "lock.txt": "1\n",
    ...config(
      "setup: echo made > made.txt; echo made > touched.txt; echo 2 > lock.txt; mkdir node_modules; touch node_modules/x\n",
    ),
  });
  await caller.call("runCommand", { command: "touch x.log; echo changed > touched.txt; touch made.txt" });

  const { files } = await caller.call<Changes>("changes");
  expect(files.map(({ path }) => path)).toEqual(["touched.txt"]);
});

test("a change of more than 300 files or 5 MB is refused by name", async () => {
  const { caller } = await system.open("large", { "a.txt": "a" });
  await caller.call("runCommand", { command: "head -c 6000000 /dev/urandom > large.bin" });
  expect(await caller.refused("changes")).toContain("large.bin (6000000 bytes)");
  await caller.call("runCommand", { command: "rm large.bin; mkdir many; cd many; seq 301 | xargs touch" });
  expect(await caller.refused("changes")).toMatch(/301 files.*many\/1/s);
});

test("git in a submodule's directory is not run with settings that a command wrote there", async () => {
  const sha = system.github.addRepository("octo/submodule", { "a.txt": "a" });
  const bare = (...args: string[]) => system.github.git("octo/submodule", ...args);
  const tree = `100644 blob ${bare("rev-parse", "main:a.txt")}\ta.txt\n160000 commit ${sha}\tsub\n`;
  const treeSha = execFileSync("git", ["mktree", "--missing"], {
    cwd: bare("rev-parse", "--absolute-git-dir"),
    input: tree,
    encoding: "utf8",
  }).trim();
  bare("update-ref", "refs/heads/main", bare("commit-tree", treeSha, "-m", "with a submodule"));
  const { openWith } = await import("../../test/start-test-workspace.ts");
  const caller = await system.callerFor("submodule");
  await openWith(system.github, caller, { owner: "octo", repo: "submodule" });

  const marker = join(system.root, "marker");
  await caller.call("runCommand", {
    command: `cd sub && git init -q . && git config core.fsmonitor 'touch ${marker}; false' && git -c core.fsmonitor=false -c user.name=a -c user.email=a@b commit -q --allow-empty -m x; echo x > y; echo b > ../a.txt`,
  });
  const { files } = await caller.call<Changes>("changes");
  expect(files.map(({ path }) => path)).toEqual(["a.txt"]);
  expect(readdirSync(system.root)).not.toContain("marker");
});

test("verify passes on the change alone, and names the tree that would be committed", async () => {
  const { caller, opened } = await system.open("passes", {
    "value.txt": "wrong\n",
    ".gitignore": "ignored.txt\n",
    ...config("setup: echo set up\nverify: [grep right value.txt, test ! -e ignored.txt]\n"),
  });
  await caller.call("writeFile", { path: "value.txt", content: "right\n" });
  await caller.call("writeFile", {
    path: "ignored.txt",
    content: "in the checkout, but no part of the change",
  });

  const result = await caller.call<CheckResult>("verify");
  const { tree } = await caller.call<Changes>("changes");
  expect(result).toMatchObject({ passed: true, base: opened.base, tree, changed: 1 });
  expect(result.commands.map(({ phase, status, exitCode }) => [phase, status, exitCode])).toEqual([
    ["setup", "passed", 0],
    ["verify", "passed", 0],
    ["verify", "passed", 0],
  ]);
  expect(readdirSync(join(system.root, "passes"))).not.toContain("clean");
});

test("verify stops at the first failure, with its output and the reason", async () => {
  const { caller } = await system.open(
    "fails",
    config("verify: ['true', 'echo the cause; exit 4', touch never]\n"),
  );
  await caller.call("writeFile", { path: "a.txt", content: "a" });

  const result = await caller.call<CheckResult>("verify");
  expect(result).toMatchObject({ passed: false, reason: expect.stringContaining("failed with exit code 4") });
  expect(result.commands.map(({ status }) => status)).toEqual(["passed", "failed"]);
  expect(result.commands.at(-1)?.output).toBe("the cause\n");
});

test("a program that is not installed makes a command not runnable", async () => {
  const { caller } = await system.open("no-program", config("verify: no-such-program-anywhere\n"));
  await caller.call("writeFile", { path: "a.txt", content: "a" });

  const result = await caller.call<CheckResult>("verify");
  expect(result).toMatchObject({ passed: false, commands: [{ status: "not-runnable", exitCode: 127 }] });
  expect(result.reason).toContain("not installed");
});

test("a change can't weaken what it is verified with", async () => {
  const { caller } = await system.open("weakens", config("verify: 'false'\n"));
  await caller.call("writeFile", { path: ".github/afu9.yml", content: "verify: 'true'\n" });

  expect(await caller.call("verify")).toMatchObject({ passed: false, commands: [{ command: "false" }] });
});

test("verify says where a change weakens the tests, and does not judge", async () => {
  const { caller } = await system.open("loosens", {
    "a.test.js": 'test("a", () => { assert.equal(1, 1); });\n',
    "b.test.js": 'test("b", () => { assert.equal(1, 1); });\n',
    ".github/workflows/ci.yml": "on: push\n",
    ...config("verify: 'true'\n"),
  });
  await caller.call("editFile", { path: "a.test.js", oldText: "test(", newText: "test.skip(" });
  await caller.call("deleteFile", { path: "b.test.js" });
  await caller.call("writeFile", { path: ".github/workflows/ci.yml", content: "on: {}\n" });

  expect(await caller.call("verify")).toMatchObject({
    passed: true,
    weakened: [
      { path: ".github/workflows/ci.yml", what: "CI was changed" },
      { path: "a.test.js", what: "1 more skipped or expected to fail" },
      { path: "b.test.js", what: "the test file was deleted" },
    ],
  });
  expect(await caller.call("baseline")).toMatchObject({ weakened: [] });
});

test("a checkout without a change does not pass", async () => {
  const { caller } = await system.open("unchanged", config("verify: 'true'\n"));
  await caller.call("runCommand", { command: "touch -d yesterday .github/afu9.yml" });

  expect(await caller.call("verify")).toMatchObject({
    passed: false,
    changed: 0,
    reason: expect.stringContaining("No file was changed"),
  });
});

test("with nothing to verify with a change passes, and the answer says so", async () => {
  const { caller } = await system.open("unverified", { "a.txt": "a" });
  await caller.call("writeFile", { path: "a.txt", content: "b" });

  const note = expect.stringContaining("nothing to verify with");
  expect(await caller.call("verify")).toMatchObject({ passed: true, changed: 1, commands: [], note });
});

test("the baseline says what fails before the work begins, whatever the checkout holds", async () => {
  const { caller } = await system.open("before", {
    "value.txt": "wrong\n",
    ...config("verify: grep right value.txt\n"),
  });
  await caller.call("writeFile", { path: "value.txt", content: "right\n" });

  expect(await caller.call("baseline")).toMatchObject({
    passed: false,
    changed: 0,
    commands: [{ exitCode: 1 }],
  });
  expect(await caller.call("verify")).toMatchObject({ passed: true });
});

test("the index of the checkout is not touched by looking at the changes", async () => {
  const { caller } = await system.open("index", { "a.txt": "a\n" });
  await caller.call("writeFile", { path: "a.txt", content: "b\n" });
  await caller.call("changes");

  expect(await caller.call("runCommand", { command: "git status --short" })).toMatchObject({
    output: " M a.txt\n",
  });
  const left = readdirSync(join(system.root, "index/git")).filter((name) => name.startsWith("index-"));
  expect(left).toEqual([]);
});
