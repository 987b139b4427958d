// What `/afu9 adopt` puts on a branch: the very head of a fork's pull request that somebody agreed with, or nothing.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commitFiles } from "../../local/github/testing/commit-files.ts";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";

const here = { owner: "octo-org", repo: "sample" };
const ci = ".github/workflows/ci.yml";
const workflow = "on: push\njobs: { one: {}, two: {} }\n";
type Files = Record<string, string | null>;
let server: GithubServer;
let propose: Awaited<ReturnType<typeof fork>>;
beforeAll(async () => {
  server = await openGithubServer();
  await commitFiles(server.world.asPerson, here, { [ci]: workflow });
  propose = await fork("stranger");
}, 60_000);
afterAll(() => server?.close());

/** Makes a fork as the repository is now. Gives what opens a pull request of it that changes these files, and pushes more to that. */
async function fork(login: string) {
  const { github, as } = server.world;
  const { token } = await github.createUser({ login });
  await github.setCollaborator("octo-org/sample", login, "read");
  await github.createRepository({ owner: login, name: "sample", forkOf: "octo-org/sample" });
  const octokit = as(token);
  const there = { owner: login, repo: "sample" };
  let branches = 0;
  return async (files: Files, more: { draft?: boolean } = {}) => {
    const branch = `change-${++branches}`;
    const { data: main } = await octokit.rest.git.getRef({ ...there, ref: "heads/main" });
    await octokit.rest.git.createRef({ ...there, ref: `refs/heads/${branch}`, sha: main.object.sha });
    const push = (files: Files) => commitFiles(octokit, { ...there, branch }, files);
    const sha = await push(files);
    const wanted = { ...here, head: `${login}:${branch}`, base: "main", title: branch };
    const { number } = (await octokit.rest.pulls.create({ ...wanted, ...more })).data;
    const close = () => octokit.rest.pulls.update({ ...here, pull_number: number, state: "closed" });
    return { number, sha, push, close, main: main.object.sha };
  };
}

const tip = async (number: number) => (await server.state()).branches[`afu9/adopt-${number}`];

test("the head of a fork's pull request becomes a branch, with its commits as they are, once", async () => {
  const { number, sha } = await propose({ "a.txt": "a\n" }, { draft: true });
  const made = {
    ...{ branch: `afu9/adopt-${number}`, sha, movedFrom: null, draft: true },
    author: { login: "stranger", type: "User" },
  };
  await server.failAfterWrite("POST", "/repos/*/*/git/refs");
  expect(await server.refused("adoptHead", { number, sha })).toContain("Server Error");
  expect(await server.call("adoptHead", { number, sha })).toMatchObject({ ...made, existed: true });
  expect(await tip(number)).toBe(sha);
  const { data: commit } = await server.world.octokit.rest.repos.getCommit({ ...here, ref: sha });
  expect(commit.author?.login).toBe("stranger");
});

test("it goes forward with the fork, while it has nothing of its own; then it stays, and the answer says what to do", async () => {
  const { number, sha, push } = await propose({ "b.txt": "b\n" });
  expect(await server.call("adoptHead", { number, sha })).toMatchObject({ existed: false, movedFrom: null });
  const second = await push({ "b.txt": "bb\n" });
  expect(await server.call("adoptHead", { number, sha: second })).toMatchObject({
    existed: false,
    movedFrom: sha,
  });

  const branch = `afu9/adopt-${number}`;
  const own = await commitFiles(server.world.asPerson, { ...here, branch }, { "own.txt": "mine\n" });
  const third = await push({ "b.txt": "bbb\n" });
  const refused = await server.refused("adoptHead", { number, sha: third });
  expect(refused).toContain(`The branch ${branch} is at ${own}, with commits that #${number} does not have`);
  expect(refused).toContain(`git fetch origin pull/${number}/head`);
  expect(await tip(number)).toBe(own);
});

test("a head that has moved since it was agreed with is not adopted, and neither is a commit that never was the head", async () => {
  const { number, sha, push, main } = await propose({ "c.txt": "c\n" });
  const now = await push({ "c.txt": "worse\n" });
  for (const agreed of [sha, main, "0".repeat(40)])
    expect(await server.refused("adoptHead", { number, sha: agreed })).toContain(
      `The head of #${number} has moved: it is ${now} now, and ${agreed} was agreed with.`,
    );
  expect(await tip(number)).toBeUndefined();
});

test("what is closed, or comes from the repository itself, is not adopted", async () => {
  const { number, sha, close } = await propose({ "d.txt": "d\n" });
  await close();
  expect(await server.refused("adoptHead", { number, sha })).toContain("is closed");
  const wanted = { ...here, head: "feature", base: "main", title: "Ours" };
  const { data: ours } = await server.world.octokit.rest.pulls.create(wanted);
  const own = { number: ours.number, sha: ours.head.sha };
  expect(await server.refused("adoptHead", own)).toContain("comes from this repository");
  expect(await tip(number)).toBeUndefined();
});

test("a change of workflow files is refused with their paths, also one that takes them away", async () => {
  const added = await propose({ ".github/workflows/new.yml": "on: push\n", "e.txt": "e\n" });
  const moved = await propose({ [ci]: null, "ci.yml": workflow });
  for (const [path, { number, sha }] of [
    [".github/workflows/new.yml", added],
    [ci, moved],
  ] as const) {
    const refused = await server.refused("adoptHead", { number, sha });
    expect(refused).toContain(`#${number} changes ${path}, and nothing was adopted`);
    expect(await tip(number)).toBeUndefined();
  }
});

test("where GitHub refuses what is only older than the workflows here, the answer says how it goes", async () => {
  const { number, sha } = await propose({ "f.txt": "f\n" });
  const { git } = server.world.asPerson.rest;
  await commitFiles(server.world.asPerson, here, { [ci]: "on: [push, pull_request]\n" });
  for (const branch of Object.keys((await server.state()).branches))
    if (branch.startsWith("afu9/")) await git.deleteRef({ ...here, ref: `heads/${branch}` });
  const refused = await server.refused("adoptHead", { number, sha });
  expect(refused).toContain("Resource not accessible by integration");
  expect(refused).toContain(`Bring #${number} up to date with its base`);
  expect(await tip(number)).toBeUndefined();
});
