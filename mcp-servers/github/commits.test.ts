import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { runGit } from "../../local/github/testing/run-git.ts";
import { owner, repo } from "../../local/github/testing/world.ts";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";
import { commitByGitData } from "./commit-by-git-data.ts";
import { commitByGraphql } from "./commit-by-graphql.ts";

type Commit = { sha: string; tree: string; url: string; existed: boolean };

let server: GithubServer;
let base: string;
beforeEach(async () => {
  server = await openGithubServer();
  base = (await branches()).main ?? "";
});
afterEach(() => server.close());

const branch = "afu9/issue-1";
const base64 = (content: string | Buffer) => Buffer.from(content).toString("base64");
const show = (...args: string[]) => runGit(server.world.repository.path, ...args);
const branches = async (): Promise<Record<string, string>> => (await server.state()).branches;
const createBranch = (args: object = {}) => server.call("createBranch", { branch, sha: base, ...args });

const fix = { path: "src/add.js", mode: "100644", content: base64("export const add = (a, b) => a + b;\n") };
const change = (args: object = {}) => ({
  branch,
  expectedHead: base,
  message: "Add instead of subtracting\n\nCloses #1",
  files: [fix],
  ...args,
});
const another = { path: "another.md", mode: "100644" as const, content: base64("Late\n") };
/** A change of every kind that only the Git Data API can make. */
const everyKind = [
  fix,
  { path: "bin/tool", mode: "100755", content: base64("#!/bin/sh\n") },
  { path: "now.md", mode: "120000", content: base64("README.md") },
  { path: "bytes.bin", mode: "100644", content: base64(Buffer.from([0xff, 0, 0xfe])) },
  { path: "run.sh", deleted: true },
];

test("a branch is created once, also when GitHub fails after it was", async () => {
  await server.failAfterWrite("POST", "/repos/*/*/git/refs");
  expect(await server.refused("createBranch", { branch, sha: base })).toContain("createBranch");
  expect(await createBranch()).toEqual({ branch, sha: base, existed: true });
  expect((await branches())[branch]).toBe(base);
});

test("two calls at the same time make one branch and one commit, and both are told of them", async () => {
  await Promise.all([createBranch(), createBranch()]);
  const make = () => server.call<Commit>("commitChanges", change());
  const [one, other] = await Promise.all([make(), make()]);
  expect(other?.sha).toBe(one?.sha);
  expect(await show("rev-list", "--count", `${base}..${branch}`)).toMatch(/^1\s*$/);
});

test("nothing is committed to the default branch", async () => {
  expect(await server.refused("commitChanges", change({ branch: "main" }))).toContain(
    "main is the default branch of octo-org/sample; nothing was committed.",
  );
  expect((await branches()).main).toBe(base);
});

test("a branch that this execution has committed to counts as created", async () => {
  expect(await createBranch()).toMatchObject({ existed: false });
  await server.call("commitChanges", change());
  expect(await createBranch()).toMatchObject({ existed: true });
});

test("a branch of the same name elsewhere is refused, and so is a name that git does not take", async () => {
  const taken = await server.refused("createBranch", { branch: "feature", sha: base });
  expect(taken).toContain("The branch feature is there already");
  for (const name of ["-x", "a..b", "a b", "a.lock", "/a", "a/"]) {
    expect(await server.refused("createBranch", { branch: name, sha: base })).toContain("valid branch name");
  }
});

test("plain files are committed in one request, with the execution in the message", async () => {
  await createBranch();
  const made = await server.call<Commit>(
    "commitChanges",
    change({ files: [fix, { path: "run.sh", deleted: true }] }),
  );
  expect(made).toMatchObject({ sha: (await branches())[branch], existed: false });
  expect(await show("log", "-1", "--format=%B", made.sha)).toBe(
    "Add instead of subtracting\n\nCloses #1\n\nAFU-9-Execution: execution-1",
  );
  expect(await show("diff", "--name-status", base, made.sha)).toBe("D\trun.sh\nM\tsrc/add.js");
  expect(await show("rev-parse", `${made.sha}^{tree}`)).toBe(made.tree);
});

test("modes, links and bytes that are no text are committed as they are", async () => {
  await createBranch();
  const made = await server.call<Commit>("commitChanges", change({ files: everyKind }));
  expect(await show("diff", "--raw", "--no-renames", "--abbrev=1", base, made.sha)).toMatch(
    /:000000 100755 .*bin\/tool\n:000000 100644 .*bytes.bin\n:000000 120000 .*now.md\n:100755 000000 .*run.sh\n:100644 100644 .*src\/add.js/s,
  );
  expect(await show("cat-file", "-s", `${made.sha}:bytes.bin`)).toBe("3");
  expect(await show("show", `${made.sha}:now.md`)).toBe("README.md");
});

test.each([
  ["plain files", [fix], "/graphql"],
  ["files of every kind", everyKind, "/repos/*/*/git/refs/**"],
])("%s are committed once, also when GitHub fails after they were", async (_, files, path) => {
  await createBranch();
  await server.failAfterWrite(path === "/graphql" ? "POST" : "PATCH", path);
  await server.refused("commitChanges", change({ files }));
  const head = (await branches())[branch];
  expect(head).not.toBe(base);
  const found = await server.call<Commit>("commitChanges", change({ files }));
  expect(found).toMatchObject({ sha: head, existed: true });
  expect(await show("rev-list", "--count", `${base}..${branch}`)).toBe("1");
});

test("a branch that has moved is left alone, also when another execution has moved it", async () => {
  await createBranch();
  const other = await server.connect({ execution: "execution-2" });
  const made = await other.call<Commit>("commitChanges", { owner, repo, ...change() });
  await other.close();
  expect(await server.refused("commitChanges", change())).toContain("nothing was committed");
  expect((await branches())[branch]).toBe(made.sha);
});

test.each([
  ["GraphQL", commitByGraphql],
  ["the Git Data API", commitByGitData],
])("a branch that moves after the look is left alone by %s", async (_, commit) => {
  await createBranch({ branch: "moved" });
  await server.call("commitChanges", change({ branch: "moved" }));
  const { moved } = await branches();
  const stale = { owner, repo, branch: "moved", expectedHead: base, message: "Late", files: [another] };
  await expect(commit(server.world.octokit, stale, () => {})).rejects.toThrow();
  expect((await branches()).moved).toBe(moved);
});

test("files that are not those that were verified move no branch", async () => {
  await createBranch();
  const expectedTree = "0".repeat(40);
  expect(await server.refused("commitChanges", change({ files: everyKind, expectedTree }))).toContain(
    "Verify again",
  );
  expect((await branches())[branch]).toBe(base);
});

test("the tree that was verified is accepted, and on repetition asked for again", async () => {
  await createBranch();
  const tree = await show("rev-parse", "feature^{tree}");
  expect(await server.call("commitChanges", change({ expectedTree: tree }))).toMatchObject({ tree });
  const expectedTree = "0".repeat(40);
  expect(await server.refused("commitChanges", change({ expectedTree }))).toContain("Verify again");
});

test.each(["/etc/passwd", "../up", "a/../b", ".git/config", "a//b", ""])(
  "the path %j is refused",
  async (path) => {
    const args = change({ files: [{ ...fix, path }] });
    expect(await server.refused("commitChanges", args)).toContain("files");
  },
);

test("a merge has both parents and GitHub's signature, is made once, and may change no file", async () => {
  await createBranch();
  const { feature = "" } = await branches();
  const merge = change({ mergeOf: feature, message: "Merge feature" });
  const { sha } = await server.call<Commit>("commitChanges", merge);
  expect(await show("rev-list", "--parents", "--no-walk", sha)).toBe(`${sha} ${base} ${feature}`);
  expect(await server.call("commitChanges", merge)).toMatchObject({ sha, existed: true });
  const { data } = await server.world.octokit.rest.git.getCommit({ owner, repo, commit_sha: sha });
  expect(data.verification.verified).toBe(true);

  const none = change({ expectedHead: sha, files: [] });
  expect(await server.refused("commitChanges", none)).toContain("There is no file to commit");
  const { tree } = await server.call<Commit>("commitChanges", { ...none, mergeOf: base });
  expect(tree).toBe(data.tree.sha);
});
