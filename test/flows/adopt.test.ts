// A stranger's pull request from a fork, from the refusal to push there to a command that works on what a maintainer adopted.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commitFiles } from "../../local/github/testing/commit-files.ts";
import { eventually } from "../eventually.ts";
import { buggyRepository } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
const there = { owner: "reader", repo: "sample", branch: "main" };
const branch = "afu9/adopt-1";

let system: System;
let original = 0;
let adopted = 0;
beforeAll(async () => {
  system = await startSystem({ script: { agents: {} }, files: buggyRepository });
  await system.github.createRepository({ owner: "reader", name: "sample", forkOf: "acme/sample" });
}, 120_000);
afterAll(() => system?.close());

const say = (number: number, body: string, who = system.maintainer) =>
  who.rest.issues.createComment({ ...at, issue_number: number, body });
const answer = (number: number, text: string) =>
  eventually(
    `a comment on #${number} with "${text}"\n${system.lines.slice(-30).join("\n")}`,
    async () => {
      const { data } = await system.maintainer.rest.issues.listComments({
        ...at,
        issue_number: number,
        per_page: 100,
      });
      return data.find(({ user, body }) => user?.type === "Bot" && body?.includes(text))?.body;
    },
    120,
  );
const pull = async (number: number) =>
  (await system.maintainer.rest.pulls.get({ ...at, pull_number: number })).data;
const executions = (issueNumber: number) =>
  system.db.prisma.workflowExecution.count({ where: { issueNumber } });
/** Waits until so many executions of a pull request have ended and shown it, and gives the last one. */
const ended = (number: number, count: number) =>
  eventually(`execution ${count} of #${number} to end\n${system.lines.slice(-30).join("\n")}`, async () => {
    if ((await executions(number)) < count) return undefined;
    return system.finished(number);
  });

/** The stranger pushes to the fork, and a second begins: GitHub's times are whole seconds. */
async function push(files: Record<string, string>): Promise<string> {
  const sha = await commitFiles(system.reader, there, files);
  const pushed = Math.floor(Date.now() / 1000);
  await eventually("the next second", async () => Math.floor(Date.now() / 1000) > pushed || undefined);
  return sha;
}

test("on a fork's pull request nothing is pushed, and a writer does not adopt it", async () => {
  // What runs at all says so; nothing that the fork says may.
  const ran = join(system.folder, "a-command-of-the-fork-ran");
  await push({
    "add.js": "export const add = (a, b) => a + b;\n",
    ".github/afu9.yml": `setup: touch ${ran}\nverify: touch ${ran}\n`,
  });
  const wanted = { ...at, head: "reader:main", base: "main", title: "Add at last" };
  original = (await system.reader.rest.pulls.create({ ...wanted, body: "Fixes #99 @acme/all" })).data.number;

  await say(original, "/afu9 rebase");
  expect(await answer(original, "`/afu9 rebase` would push to it")).toContain("`/afu9 adopt`");
  const { login, token } = await system.github.createUser({ login: "writer" });
  await system.github.setCollaborator("acme/sample", login, "write");
  await say(original, "/afu9 adopt", system.github.as(token));
  await answer(original, "that needs the role `maintain` in this repository, and yours is `write`");
  expect(await executions(original)).toBe(0);
}, 180_000);

test("a maintainer adopts it: the same commits, by the same author, in a pull request here", async () => {
  await say(original, "/afu9 adopt");
  expect(await ended(original, 1)).toMatchObject({ status: "succeeded", error: null });
  const { head, title, body, base, user, number } =
    (await system.maintainer.rest.pulls.list(at)).data[0] ?? {};
  adopted = number ?? 0;
  const before = await pull(original);
  expect({ head: head?.ref, sha: head?.sha, base: base?.ref, title, by: user?.type }).toEqual({
    ...{ head: branch, sha: before.head.sha, base: "main", title: "Add at last", by: "Bot" },
  });
  expect(head?.repo?.full_name).toBe("acme/sample");
  expect(body).toContain(`These are the commits of #${original} by @reader, who stays their author`);
  expect(body).not.toContain("#99");
  const { data: commits } = await system.maintainer.rest.pulls.listCommits({ ...at, pull_number: adopted });
  expect(commits.map(({ sha, author }) => [sha, author?.login])).toEqual([[before.head.sha, "reader"]]);
  expect(await answer(original, "Adopted up to")).toContain(`as #${adopted}: http`);
}, 180_000);

test("there a command that pushes works, and sets up and verifies as the default branch says, not the fork", async () => {
  const { data: main } = await system.maintainer.rest.git.getRef({ ...at, ref: "heads/main" });
  const base = await commitFiles(system.maintainer, at, { "other.md": "Meanwhile.\n" });
  expect(base).not.toBe(main.object.sha);
  const before = (await pull(adopted)).head.sha;
  await say(adopted, "/afu9 rebase");
  const execution = await ended(adopted, 1);
  expect(execution).toMatchObject({ status: "succeeded", error: null });
  const { head } = await pull(adopted);
  const { data: merge } = await system.maintainer.rest.git.getCommit({ ...at, commit_sha: head.sha });
  expect(merge.parents.map(({ sha }) => sha)).toEqual([before, base]);
  await answer(adopted, "the tests pass on the merged files");
  const check = await system.db.prisma.workflowStep.findFirstOrThrow({
    where: { stepId: "check", executionId: execution.id },
  });
  expect(check.output).toMatchObject({
    passed: true,
    commands: [{ command: "node --test", phase: "verify" }],
  });
  expect(existsSync(join(system.folder, "a-command-of-the-fork-ran"))).toBe(false);
}, 180_000);

test("what comes to the fork later is not taken over what was pushed to the branch; begun anew, it is, and goes on with the fork", async () => {
  const own = (await pull(adopted)).head.sha;
  await push({ "NOTES.md": "One.\n" });
  await say(original, "/afu9 adopt");
  const failed = await ended(original, 2);
  expect(failed).toMatchObject({ status: "failed" });
  expect(failed.error).toContain(
    `The branch ${branch} is at ${own}, with commits that #${original} does not have`,
  );
  await answer(original, "delete the branch and type `/afu9 adopt` again");

  await system.maintainer.rest.git.deleteRef({ ...at, ref: `heads/${branch}` });
  await say(original, "/afu9 adopt");
  expect(await ended(original, 3)).toMatchObject({ status: "succeeded", error: null });
  await answer(original, `Adopted up to ${(await pull(original)).head.sha} as #`);
  const { data: open } = await system.maintainer.rest.pulls.list({ ...at, head: `acme:${branch}` });
  const anew = open[0]?.number ?? 0;
  expect(anew).toBeGreaterThan(adopted);

  const newest = await push({ "NOTES.md": "Two.\n" });
  await say(original, "/afu9 adopt");
  await ended(original, 4);
  await answer(original, `#${anew} has the new commits, up to ${newest}`);
  expect((await pull(anew)).head.sha).toBe(newest);
  await say(original, "/afu9 adopt");
  await ended(original, 5);
  expect(await answer(original, "nothing is new since")).toContain(`#${anew} has this already`);
}, 300_000);
