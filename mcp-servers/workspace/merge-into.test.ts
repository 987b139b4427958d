import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { McpCaller } from "../../test/connect-mcp.ts";
import type { FileToCommit } from "../../test/git-http-server.ts";
import { openWith, startTestWorkspace, type TestWorkspace } from "../../test/start-test-workspace.ts";
import type { OpenedWorkspace } from "./workspace.ts";

let system: TestWorkspace;
beforeAll(async () => {
  system = await startTestWorkspace("none");
});
afterAll(() => system.close());

type Files = Record<string, FileToCommit | null>;
const config = { ".github/afu9.yml": "verify: test -f a.txt\n" };

/** A repository whose branch `topic` and `main` have each gone their way from the same files. */
async function diverged(name: string, { before, topic, main }: Record<string, Files>) {
  const full = `octo/${name}`;
  const git = (...args: string[]) => system.github.git(full, ...args);
  const files = Object.entries({ ...config, ...before }).flatMap(([path, file]) =>
    file ? [[path, file]] : [],
  );
  const base = system.github.addRepository(full, Object.fromEntries(files));
  const commitOn = (branch: string, changes: Files = {}) => {
    git("read-tree", base);
    const lines = Object.entries(changes).map(([path, file]) => {
      const isThere = typeof file === "string";
      const blob = isThere ? system.github.feed(full, file, "hash-object", "-w", "--stdin") : "0".repeat(40);
      return `${isThere ? "100644" : "0"} ${blob}\t${path}\n`;
    });
    system.github.feed(full, lines.join(""), "update-index", "--index-info");
    const commit = git("commit-tree", git("write-tree"), "-p", base, "-m", branch);
    git("update-ref", `refs/heads/${branch}`, commit);
    return commit;
  };
  const heads = { topic: commitOn("topic", topic), main: commitOn("main", main) };
  const caller = await system.callerFor(name);
  const opened = await openWith(system.github, caller, {
    owner: "octo",
    repo: name,
    ref: "topic",
    merge: "main",
  });
  return {
    caller,
    opened,
    heads,
    read: (path: string) => readFileSync(join(system.root, name, "checkout", path), "utf8"),
  };
}

type Verified = { passed: boolean; reason?: string; changed: number; weakened: unknown[]; tree: string };
const verify = (caller: McpCaller) => caller.call<Verified>("verify");
const mergeOf = ({ merge }: OpenedWorkspace) => merge ?? expect(merge).toBeDefined();

test("what git can merge is merged, and is the change", async () => {
  const { caller, opened, heads, read } = await diverged("clean", {
    before: { "a.txt": "a\n", "b.test.js": "test('b', () => expect(1).toBe(1));\n" },
    topic: { "a.txt": "a\nb\n" },
    main: { "c.txt": "c\n", "b.test.js": null },
  });
  expect(opened).toMatchObject({ base: heads.topic, branch: "topic" });
  expect(mergeOf(opened)).toMatchObject({ commit: heads.main, isNeeded: true, conflicts: [], messages: [] });
  expect(read("c.txt")).toBe("c\n");
  // A test that `main` has taken away is not taken away by whoever merges it.
  expect(await verify(caller)).toMatchObject({ passed: true, changed: 2, weakened: [] });
});

test("what it can't is left with markers and listed, and does not pass before it is resolved", async () => {
  const { caller, opened, read } = await diverged("conflict", {
    before: { "a.txt": "one\n", "gone.txt": "here\n" },
    topic: { "a.txt": "two\n", "gone.txt": "changed\n" },
    main: { "a.txt": "three\n", "gone.txt": null, "b.txt": "b\n" },
  });
  const merge = mergeOf(opened);
  expect(merge?.conflicts.sort()).toEqual(["a.txt", "gone.txt"]);
  expect(merge?.messages.join("\n")).toContain("CONFLICT (modify/delete): gone.txt deleted in");
  expect(read("a.txt")).toContain("<<<<<<< ");
  const marked = await verify(caller);
  expect(marked).toMatchObject({ passed: false, commands: [] });
  expect(marked.reason).toContain("Conflict markers are left in a.txt.");

  await caller.call("writeFile", { path: "a.txt", content: "two and three\n" });
  expect(await verify(caller)).toMatchObject({ passed: true, changed: 2 });
});

test("a conflict may be resolved by leaving the branch as it was", async () => {
  const { caller, heads } = await diverged("ours", {
    before: { "a.txt": "one\n" },
    topic: { "a.txt": "two\n" },
    main: { "a.txt": "three\n" },
  });
  await caller.call("writeFile", { path: "a.txt", content: "two\n" });
  const tree = system.github.git("octo/ours", "rev-parse", `${heads.topic}^{tree}`);
  expect(await verify(caller)).toMatchObject({ passed: true, changed: 0, tree });
});

test("what is merged already needs no merge, and there is nothing to verify", async () => {
  const { caller, opened } = await diverged("merged", {
    before: { "a.txt": "a\n" },
    topic: { "b.txt": "b\n" },
  });
  expect(mergeOf(opened)?.isNeeded).toBe(true);
  system.github.git("octo/merged", "update-ref", "refs/heads/main", "topic~1");
  const again = await system.callerFor("merged-again", { repository: { owner: "octo", repo: "merged" } });
  const reopened = await openWith(system.github, again, {
    owner: "octo",
    repo: "merged",
    ref: "topic",
    merge: "main",
  });
  expect(mergeOf(reopened)).toMatchObject({ isNeeded: false, conflicts: [] });
  expect((await verify(again)).reason).toContain("No file was changed");
  await caller.call("closeWorkspace");
});

test("branches without a common commit can't be merged, and nothing is left open", async () => {
  system.github.addRepository("octo/strangers", { "a.txt": "a", ...config });
  const git = (...args: string[]) => system.github.git("octo/strangers", ...args);
  git("update-ref", "refs/heads/other", git("commit-tree", git("rev-parse", "main^{tree}"), "-m", "Alone"));
  const caller = await system.callerFor("strangers");
  const args = { owner: "octo", repo: "strangers", ref: "main", merge: "other" };
  await expect(openWith(system.github, caller, args)).rejects.toThrow("nothing in common");
  expect(await caller.refused("verify")).toContain("has no workspace");
});
