import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { runGit } from "./testing/run-git.ts";
import { openWorld, owner, repo, type World } from "./testing/world.ts";

let world: World;
let head: string;
beforeEach(async () => {
  world = await openWorld();
  head = (await world.github.repository(`${owner}/${repo}`)).branches.main ?? "";
});
afterEach(() => world.close());

const mutation = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid url } }
}`;

interface Commit {
  createCommitOnBranch: { commit: { oid: string; url: string } };
}

const byName = { repositoryNameWithOwner: `${owner}/${repo}`, branchName: "main" };
const base64 = (text: string) => Buffer.from(text).toString("base64");

function commit(input: Record<string, unknown>, octokit = world.octokit) {
  const message = { headline: "Change things", body: "Because." };
  return octokit.graphql<Commit>(mutation, {
    input: { branch: byName, message, expectedHeadOid: head, ...input },
  });
}

const show = (...args: string[]) => runGit(world.repository.path, ...args);

test("files are added, changed and removed, and keep their modes", async () => {
  const fileChanges = {
    additions: [
      { path: "docs/new file.md", contents: base64("# New\n") },
      { path: "run.sh", contents: base64("#!/bin/sh\necho hello\n") },
    ],
    deletions: [{ path: "src/add.js" }],
  };
  const { createCommitOnBranch } = await commit({ fileChanges });
  const { oid } = createCommitOnBranch.commit;
  expect(await show("rev-parse", "main")).toBe(oid);
  expect(await show("show", `${oid}:run.sh`)).toBe("#!/bin/sh\necho hello");
  expect(
    (await show("ls-tree", "-r", oid)).split("\n").map((line) => line.replace(/ blob \w+\t/, " ")),
  ).toEqual(["100644 README.md", "100644 docs/new file.md", "120000 link.md", "100755 run.sh"]);
  expect(await show("log", "-1", "--format=%an|%cn|%B", oid)).toBe(
    "test-app[bot]|GitHub|Change things\n\nBecause.",
  );
});

test("GitHub vouches for the commit, and the push is announced", async () => {
  const { createCommitOnBranch } = await commit({
    fileChanges: { additions: [{ path: "a", contents: base64("a") }] },
  });
  const commit_sha = createCommitOnBranch.commit.oid;
  const { data } = await world.octokit.rest.git.getCommit({ owner, repo, commit_sha });
  expect(data.verification).toMatchObject({ verified: true, reason: "valid" });
  const [push] = await world.hooks.until("push");
  expect(push?.payload).toMatchObject({ before: head, after: commit_sha, ref: "refs/heads/main" });
});

test("a branch that has moved on is left alone", async () => {
  await commit({ fileChanges: { additions: [{ path: "a", contents: base64("a") }] } });
  const late = commit({ fileChanges: { additions: [{ path: "b", contents: base64("b") }] } });
  await expect(late).rejects.toThrow("Expected branch to point to");
  await late.catch(({ errors }) => expect(errors[0]).toMatchObject({ type: "STALE_DATA" }));
});

test("of two commits at the same time one wins", async () => {
  const outcomes = await Promise.allSettled(
    ["a", "b"].map((path) => commit({ fileChanges: { additions: [{ path, contents: base64(path) }] } })),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await show("rev-list", "--count", `${head}..main`)).toBe("1");
});

test("the branch can be named by its node id", async () => {
  const { data: ref } = await world.octokit.rest.git.getRef({ owner, repo, ref: "heads/main" });
  const fileChanges = { additions: [{ path: "a", contents: base64("a") }] };
  const { createCommitOnBranch } = await commit({ branch: { id: ref.node_id }, fileChanges });
  expect(await show("rev-parse", "main")).toBe(createCommitOnBranch.commit.oid);
});

test("without contents:write it is forbidden, and outside of the scope it is not there", async () => {
  const reader = world.as(await world.token({ permissions: { contents: "read" } }));
  await commit({}, reader).catch(({ errors }) => expect(errors[0]).toMatchObject({ type: "FORBIDDEN" }));
  await expect(commit({}, reader)).rejects.toThrow("not accessible by integration");
  const branch = { ...byName, repositoryNameWithOwner: `${owner}/unknown` };
  await expect(commit({ branch })).rejects.toThrow("Could not resolve");
});

test("a path that leaves the repository or is not there is refused", async () => {
  const outside = { additions: [{ path: "../escape", contents: base64("x") }] };
  await expect(commit({ fileChanges: outside })).rejects.toThrow("not valid in a git tree");
  const hook = { additions: [{ path: ".git/hooks/post-checkout", contents: base64("x") }] };
  await expect(commit({ fileChanges: hook })).rejects.toThrow("not valid in a git tree");
  await expect(commit({ fileChanges: { deletions: [{ path: "missing" }] } })).rejects.toThrow(
    "does not exist",
  );
  expect(await show("rev-parse", "main")).toBe(head);
});

test("fields that are not there are GraphQL errors", async () => {
  await expect(world.octokit.graphql("{ viewer { shoeSize } }")).rejects.toThrow(
    'Cannot query field "shoeSize"',
  );
  expect(await world.octokit.graphql("{ viewer { login } }")).toEqual({ viewer: { login: "test-app[bot]" } });
});
