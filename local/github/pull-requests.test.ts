import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { commitFiles } from "./testing/commit-files.ts";
import { runGit } from "./testing/run-git.ts";
import { openWorld, owner, refusalOf, repo, type World } from "./testing/world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const here = { owner, repo };
const wanted = { ...here, title: "Add, do not subtract", head: "feature", base: "main" };
const git = (...args: string[]) => runGit(world.repository.path, ...args);

async function open(more: { body?: string; draft?: boolean } = {}) {
  const { data } = await world.octokit.rest.pulls.create({ ...wanted, ...more });
  return { pull: data, on: { ...here, pull_number: data.number } };
}

test("a pull request knows its files, its commits and its text", async () => {
  const { pull, on } = await open();
  expect(pull).toMatchObject({ changed_files: 1, additions: 1, deletions: 1, commits: 1, mergeable: true });
  const { data: files } = await world.octokit.rest.pulls.listFiles(on);
  expect(files).toMatchObject([
    { filename: "src/add.js", status: "modified", patch: expect.stringMatching(/^@@ /) },
  ]);
  const { data: diff } = await world.octokit.rest.pulls.get({ ...on, mediaType: { format: "diff" } });
  expect(diff).toContain("diff --git a/src/add.js b/src/add.js");
  const { data: patch } = await world.octokit.rest.pulls.get({ ...on, mediaType: { format: "patch" } });
  expect(patch).toContain("Subject: [PATCH] Add instead of subtracting");
});

test("there is one open pull request for a branch, and none without commits", async () => {
  await open();
  const second = await refusalOf(world.octokit.rest.pulls.create(wanted));
  expect(second?.status).toBe(422);
  await world.octokit.rest.pulls
    .create(wanted)
    .catch(({ response }) =>
      expect(response.data.errors[0].message).toBe(`A pull request already exists for ${owner}:feature.`),
    );
  await world.octokit.rest.pulls
    .create({ ...wanted, head: "main", base: "feature" })
    .catch(({ response }) =>
      expect(response.data.errors[0].message).toBe("No commits between feature and main"),
    );
  expect(
    (await refusalOf(world.octokit.rest.pulls.create({ ...wanted, head: "main", base: "feature" })))?.status,
  ).toBe(422);
  expect((await refusalOf(world.octokit.rest.pulls.create({ ...wanted, head: "gone" })))?.status).toBe(422);
});

test.each([
  ["merge", 2, "Merge pull request #1 from octo-org/feature"],
  ["squash", 1, "Add, do not subtract (#1)"],
  ["rebase", 1, "Add instead of subtracting"],
] as const)("merging by %s moves the base", async (merge_method, parents, subject) => {
  const { on, pull } = await open();
  const { data } = await world.octokit.rest.pulls.merge({ ...on, merge_method, sha: pull.head.sha });
  expect(await git("rev-parse", "main")).toBe(data.sha);
  expect(await git("log", "-1", "--format=%s", "main")).toBe(subject);
  expect((await git("log", "-1", "--format=%P", "main")).split(" ")).toHaveLength(parents);
  expect(await git("show", "main:src/add.js")).toContain("a + b");
  const { data: merged } = await world.octokit.rest.pulls.get(on);
  expect(merged).toMatchObject({
    merged: true,
    state: "closed",
    merge_commit_sha: data.sha,
    changed_files: 1,
  });
  const [closed] = await world.hooks.until("pull_request.closed");
  expect(closed?.payload.pull_request).toMatchObject({ merged: true, merged_by: { login: "test-app[bot]" } });
});

test("several commits are rebased one by one onto a base that has moved", async () => {
  const { on } = await open();
  await commitOn("main", "unrelated.txt");
  await commitOn("feature", "second.txt");
  await world.octokit.rest.pulls.merge({ ...on, merge_method: "rebase" });
  expect((await git("log", "--format=%s", "main")).split("\n")).toEqual([
    "Write second.txt",
    "Add instead of subtracting",
    "Write unrelated.txt",
    "First",
  ]);
});

async function commitOn(branch: string, path: string, content = "x") {
  const { data: ref } = await world.octokit.rest.git.getRef({ ...here, ref: `heads/${branch}` });
  const parent = ref.object.sha;
  const file = { path, mode: "100644", type: "blob", content } as const;
  const { data: tree } = await world.octokit.rest.git.createTree({
    ...here,
    base_tree: parent,
    tree: [file],
  });
  const commit = { ...here, message: `Write ${path}`, tree: tree.sha, parents: [parent] };
  const { data } = await world.octokit.rest.git.createCommit(commit);
  await world.octokit.rest.git.updateRef({ ...here, ref: `heads/${branch}`, sha: data.sha });
}

test("a merge is refused when the head has moved, the two conflict, or it is a draft", async () => {
  const { on, pull } = await open({ draft: true });
  expect((await refusalOf(world.octokit.rest.pulls.merge(on)))?.status).toBe(405);
  const ready =
    "mutation ($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { clientMutationId } }";
  await world.octokit.graphql(ready, { id: pull.node_id });
  expect((await refusalOf(world.octokit.rest.pulls.merge({ ...on, sha: "0".repeat(40) })))?.status).toBe(409);
  await commitOn("main", "src/add.js", "something else\n");
  expect((await world.octokit.rest.pulls.get(on)).data).toMatchObject({
    mergeable: false,
    mergeable_state: "dirty",
  });
  expect(await refusalOf(world.octokit.rest.pulls.merge(on))).toEqual({
    status: 405,
    message: "Pull Request is not mergeable",
  });
});

test("merging closes the issues that the text names", async () => {
  await world.octokit.rest.issues.create({ ...here, title: "It subtracts" });
  const { on } = await open({ body: "Fixes #1" });
  await world.octokit.rest.pulls.merge(on);
  const { issues } = await world.github.repository(`${owner}/${repo}`);
  expect(issues).toMatchObject([{ number: 1, state: "closed" }]);
});

test("deleting the branch closes the pull request", async () => {
  const { on } = await open();
  await world.octokit.rest.git.deleteRef({ ...here, ref: "heads/feature" });
  const { data } = await world.octokit.rest.pulls.get(on);
  expect(data).toMatchObject({ state: "closed", merged: false });
});

test("a branch moves forward only, unless forced", async () => {
  const ref = "heads/feature";
  const sha = await git("rev-parse", "main");
  const backwards = await refusalOf(world.octokit.rest.git.updateRef({ ...here, ref, sha }));
  expect(backwards).toEqual({ status: 422, message: "Update is not a fast forward" });
  await world.octokit.rest.git.updateRef({ ...here, ref, sha, force: true });
  expect(await git("rev-parse", "feature")).toBe(sha);
});

async function fork() {
  const stranger = await world.github.createUser({ login: "stranger" });
  await world.github.setCollaborator(`${owner}/${repo}`, "stranger", "read");
  const made = await world.github.createRepository({
    owner: "stranger",
    name: "sample-of-mine",
    forkOf: `${owner}/${repo}`,
  });
  const octokit = world.as(stranger.token);
  const { data } = await octokit.rest.pulls.create({ ...wanted, head: "stranger:feature" });
  const there = { owner: "stranger", repo: "sample-of-mine", branch: "feature" };
  return { octokit, made, there, pull: data, on: { ...here, pull_number: data.number } };
}

test("a pull request of a fork has its head there, and the base repository has its commits", async () => {
  const { pull, made, octokit } = await fork();
  expect(pull).toMatchObject({
    head: { label: "stranger:feature", repo: { id: made.id, fork: true } },
    base: { repo: { id: world.repository.id, fork: false, forks_count: 1 } },
  });
  expect(await git("rev-parse", `refs/pull/${pull.number}/head`)).toBe(pull.head.sha);
  const { data } = await octokit.rest.repos.get({ owner: "stranger", repo: "sample-of-mine" });
  expect(data).toMatchObject({ fork: true, parent: { id: world.repository.id } });
  // The same branch of the repository itself is another one.
  expect((await open()).pull.number).toBe(pull.number + 1);
  // Nobody's fork, and a repository that is none.
  await world.github.createRepository({ owner: "other", name: repo, from: world.source });
  for (const login of ["nobody", "other"])
    expect(
      (await refusalOf(world.octokit.rest.pulls.create({ ...wanted, head: `${login}:feature` })))?.status,
    ).toBe(422);
});

test("what is pushed to a fork is the head of its pull request, and the App, which can't push there, is told", async () => {
  const { octokit, there, pull, on } = await fork();
  const sha = await commitFiles(octokit, there, { "more.txt": "more\n" });
  expect((await world.octokit.rest.pulls.get(on)).data.head.sha).toBe(sha);
  expect(await git("rev-parse", `refs/pull/${pull.number}/head`)).toBe(sha);
  const [event] = await world.hooks.until("pull_request.synchronize");
  expect(event?.payload).toMatchObject({
    before: pull.head.sha,
    after: sha,
    sender: { login: "stranger" },
    pull_request: { head: { sha, repo: { full_name: "stranger/sample-of-mine" } } },
  });
  const { data: ref } = await world.octokit.rest.git.getRef({ ...here, ref: `pull/${pull.number}/head` });
  expect(ref.object.sha).toBe(sha);
  const moving = { owner: "stranger", repo: "sample-of-mine", ref: "heads/feature", sha: pull.head.sha };
  expect((await refusalOf(world.octokit.rest.git.updateRef({ ...moving, force: true })))?.status).toBe(404);
  // A branch here may begin at the head.
  await world.octokit.rest.git.createRef({ ...here, ref: "refs/heads/taken-over", sha });
});

test("the pull request of a fork is closed with its branch, and outlives the fork", async () => {
  const { octokit, pull, on } = await fork();
  await world.github.deleteRepository("stranger/sample-of-mine");
  const { data } = await world.octokit.rest.pulls.get(on);
  expect(data).toMatchObject({ state: "open", head: { sha: pull.head.sha, repo: null } });
  await octokit.rest.pulls.update({ ...on, state: "closed" });

  const again = { owner: "stranger", name: "again", forkOf: `${owner}/${repo}` };
  await world.github.createRepository(again);
  const { data: second } = await octokit.rest.pulls.create({ ...wanted, head: "stranger:feature" });
  await octokit.rest.git.deleteRef({ owner: "stranger", repo: "again", ref: "heads/feature" });
  const { data: closed } = await world.octokit.rest.pulls.get({ ...here, pull_number: second.number });
  expect(closed.state).toBe("closed");
});

test("an App puts no ref where a workflow file is another than the branches have; a person and `workflows` may", async () => {
  const { octokit, there } = await fork();
  const path = ".github/workflows/ci.yml";
  const sha = await commitFiles(octokit, there, { [path]: "on: push\n" });
  const ref = (name: string, at = sha) => ({ ...here, ref: `refs/heads/${name}`, sha: at });
  const refusal = { status: 403, message: "Resource not accessible by integration" };
  expect(await refusalOf(world.octokit.rest.git.createRef(ref("one")))).toEqual(refusal);
  const move = { ...here, ref: "heads/feature", sha };
  expect(await refusalOf(world.octokit.rest.git.updateRef(move))).toEqual(refusal);
  await world.asPerson.rest.git.createRef(ref("one"));
  // Now a branch has that file. An older form of it no branch has.
  const newer = await commitFiles(world.asPerson, { ...here, branch: "one" }, { [path]: "on: [push]\n" });
  await world.octokit.rest.git.createRef(ref("two", newer));
  expect(await refusalOf(world.octokit.rest.git.createRef(ref("three")))).toEqual(refusal);
});
