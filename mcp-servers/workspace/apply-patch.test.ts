import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { McpCaller } from "../../test/connect-mcp.ts";
import { startTestWorkspace, type TestWorkspace } from "../../test/start-test-workspace.ts";

let system: TestWorkspace;
let caller: McpCaller;
let checkout: string;
beforeAll(async () => {
  system = await startTestWorkspace("none");
  ({ caller } = await system.open("patches", {
    "a.txt": "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n",
    "b.txt": "b\n",
    "old/name.txt": "moved\n",
    "run.sh": { executable: "#!/bin/sh\necho old\n" },
    "link-out": { link: "/etc/passwd" },
    "directory-out": { link: "/tmp" },
  }));
  checkout = join(system.root, "patches/checkout");
});
afterAll(() => system.close());

const read = (path: string) => readFileSync(join(checkout, path), "utf8");
const change = (path: string, before: string, after: string) =>
  `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-${before}\n+${after}\n`;
const add = (path: string, line: string) => `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+${line}\n`;
const nothingChanged = async () =>
  expect(await caller.call("runCommand", { command: "git status --short" })).toMatchObject({ output: "" });
const reset = () =>
  caller.call("runCommand", {
    command: "git status --short | cut -c4- | xargs -r rm -r --; git archive HEAD | tar x",
  });

test("a patch changes, adds, deletes and renames files, and makes them executable", async () => {
  const patch = [
    change("b.txt", "b", "B"),
    add("new/er.txt", "new"),
    "diff --git a/a.txt b/a.txt\ndeleted file mode 100644\n--- a/a.txt\n+++ /dev/null\n@@ -1,10 +0,0 @@\n",
    ..."one two three four five six seven eight nine ten".split(" ").map((word) => `-${word}\n`),
    "diff --git a/old/name.txt b/name.txt\nsimilarity index 100%\nrename from old/name.txt\nrename to name.txt\n",
    "diff --git a/tool b/tool\nnew file mode 100755\n--- /dev/null\n+++ b/tool\n@@ -0,0 +1 @@\n+#!/bin/sh\n",
    change("run.sh", "#!/bin/sh", "#!/bin/bash"),
  ];
  const { files } = await caller.call<{ files: object[] }>("applyPatch", { patch: patch.join("") });

  expect(new Set(files)).toEqual(
    new Set([
      { path: "a.txt", what: "deleted" },
      { path: "old/name.txt", what: "deleted" },
      { path: "b.txt", what: "changed" },
      { path: "run.sh", what: "changed" },
      { path: "new/er.txt", what: "added" },
      { path: "name.txt", what: "added" },
      { path: "tool", what: "added" },
    ]),
  );
  expect(read("b.txt") + read("new/er.txt") + read("name.txt")).toBe("B\nnew\nmoved\n");
  expect(await caller.call("runCommand", { command: "stat -c %a tool run.sh name.txt" })).toMatchObject({
    output: "755\n755\n644\n",
  });
  expect(readdirSync(join(system.root, "patches")).filter((name) => name.startsWith("patch-"))).toEqual([]);
  await reset();
});

test("a hunk whose lines were miscounted or moved is applied as a whole", async () => {
  const patch = "--- a/a.txt\n+++ b/a.txt\n@@ -3,2 +3,2 @@\n two\n-three\n+3\n+3.5\n four\n";
  await caller.call("applyPatch", { patch });
  expect(read("a.txt")).toContain("two\n3\n3.5\nfour\n");
  await reset();
});

test("a mailed patch with a signature below is applied", async () => {
  await caller.call("applyPatch", { patch: `${change("b.txt", "b", "B")}-- \n2.39.5\n` });
  expect(read("b.txt")).toBe("B\n");
  await reset();
});

test("every hunk that does not fit is named, and nothing is changed", async () => {
  const patch =
    change("b.txt", "b", "B") +
    "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-2\n+zwei\n@@ -5,1 +5,1 @@\n-five\n+5\n@@ -8,2 +8,2 @@\n eight\n-9\n+neun\n";
  const message = await caller.refused("applyPatch", { patch });
  expect(message).toContain("nothing was changed");
  expect(message).toContain("patch failed: a.txt:1");
  expect(message).toContain("patch failed: a.txt:8");
  expect(message).not.toContain("a.txt:5");
  await nothingChanged();
});

test("a later file that can't be written takes the earlier ones back", async () => {
  await caller.call("runCommand", { command: "mkdir -p taken && touch taken/x" });
  const patch = change("b.txt", "b", "B") + add("taken", "a file where a directory is");
  expect(await caller.refused("applyPatch", { patch })).toContain("is a directory");
  expect(read("b.txt")).toBe("b\n");
  await reset();
});

test.each([
  ["../outside.txt", 'has ".."'],
  ["/etc/outside.txt", ""],
  [".git/config", "git's own directory"],
  [".GIT/config", "git's own directory"],
  ["link-out", "symbolic link"],
  ["directory-out/outside.txt", "leads out of the checkout"],
])("a patch of %s is refused", async (path, why) => {
  const message = await caller.refused("applyPatch", { patch: add(path, "pwned") });
  expect(message).toContain(why);
  expect(message).not.toContain("could not be done");
  await nothingChanged();
});

test("a patch that makes a symbolic link is refused", async () => {
  const patch =
    "diff --git a/link b/link\nnew file mode 120000\n--- /dev/null\n+++ b/link\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n";
  expect(await caller.refused("applyPatch", { patch })).toContain("symbolic link");
  await nothingChanged();
});

test("what is no patch, is binary, empty or too large is refused", async () => {
  expect(await caller.refused("applyPatch", { patch: "hello" })).toContain("Send a unified diff");
  expect(await caller.refused("applyPatch", { patch: "GIT binary patch\n" })).toContain("binary");
  expect(await caller.refused("applyPatch", { patch: "" })).toContain("patch");
  expect(await caller.refused("applyPatch", { patch: "x".repeat(2 ** 20 + 1) })).toContain("patch");
  const many = Array.from({ length: 301 }, (_, at) => add(`many/${at}`, "x")).join("");
  expect(await caller.refused("applyPatch", { patch: many })).toContain("301 files");
  await nothingChanged();
});

test("a file that became a link since it was read is not followed", async () => {
  await caller.call("runCommand", { command: "rm b.txt" });
  symlinkSync("/etc/hostname", join(checkout, "b.txt"));
  expect(await caller.refused("applyPatch", { patch: change("b.txt", "b", "B") })).toContain("symbolic link");
  await reset();
});
