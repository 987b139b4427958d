// What an execution gets from the mirror of its repository, and what becomes of a mirror that is broken or too large.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { McpCaller } from "../../test/connect-mcp.ts";
import {
  freshToken,
  openWith,
  startTestWorkspace,
  type TestWorkspace,
} from "../../test/start-test-workspace.ts";

let system: TestWorkspace;
beforeAll(async () => {
  system = await startTestWorkspace("none");
});
afterAll(() => system.close());

const run = promisify(execFile);
const mirrors = () => {
  const directory = join(system.root, ".mirrors");
  return readdirSync(directory).map((name) => join(directory, name));
};

let executions = 0;
async function open(repo: string, ref?: string): Promise<{ caller: McpCaller; base: string; bytes: number }> {
  const caller = await system.callerFor(`mirror-${++executions}`, { repository: { owner: "octo", repo } });
  const before = system.github.traffic.bytes;
  const { base } = await openWith(system.github, caller, { owner: "octo", repo, ...(ref && { ref }) });
  return { caller, base, bytes: system.github.traffic.bytes - before };
}

/** Pushes a commit with one more file, and gives its SHA. */
async function push(repo: string, path: string, content: string, branch = "main"): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), "afu9-push-"));
  const bare = system.github.git(`octo/${repo}`, "rev-parse", "--absolute-git-dir");
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], { cwd: work });
  await git("clone", "--quiet", bare, ".");
  writeFileSync(join(work, path), content);
  await git("add", "--all");
  await git("commit", "--quiet", "--message=More");
  await git("push", "--quiet", "origin", `HEAD:${branch}`);
  rmSync(work, { recursive: true });
  return system.github.git(`octo/${repo}`, "rev-parse", branch);
}

/** The one mirror that opening this repository makes. */
async function mirrorOf(repo: string): Promise<string> {
  const before = existsSync(join(system.root, ".mirrors")) ? mirrors() : [];
  await open(repo);
  const [made = ""] = mirrors().filter((path) => !before.includes(path));
  return made;
}

const filesOfSomeSize = () =>
  Object.fromEntries(
    Array.from({ length: 100 }, (_, at) => [
      `src/${at % 10}/${at}.txt`,
      randomBytes(15_000).toString("base64"),
    ]),
  );

test("the second execution fetches at most 0.15 of what a full clone does, also after another commit", async () => {
  system.github.addRepository("octo/large", filesOfSomeSize());
  const directory = mkdtempSync(join(tmpdir(), "afu9-full-clone-"));
  const token = freshToken(system.github);
  const url = `${system.github.url.replace("//", `//x-access-token:${token}@`)}/octo/large.git`;
  const before = system.github.traffic.bytes;
  await run("git", ["clone", "--quiet", url, directory], { env: { PATH: process.env.PATH } });
  const full = system.github.traffic.bytes - before;
  rmSync(directory, { recursive: true });
  expect(full).toBeGreaterThan(1_000_000);

  const first = await open("large");
  expect(first.bytes).toBeLessThan(1.1 * full);
  expect((await open("large")).bytes).toBeLessThan(0.01 * full);

  const base = await push("large", "src/0/0.txt", randomBytes(15_000).toString("base64"));
  const third = await open("large");
  expect(third.base).toBe(base);
  expect(third.bytes).toBeLessThan(0.15 * full);
  expect(
    await third.caller.call("runCommand", { command: "git status --short; git log -p | wc -l" }),
  ).toMatchObject({
    exitCode: 0,
    output: expect.stringMatching(/^\d+\n$/),
  });
});

test("a workspace has the whole of its history, and needs neither mirror nor network for it", async () => {
  system.github.addRepository("octo/history", { "a.txt": "first\n" });
  await push("history", "a.txt", "second\n");
  const mirror = await mirrorOf("history");
  const { caller } = await open("history");
  rmSync(mirror, { recursive: true });

  const { output } = await caller.call<{ output: string }>("runCommand", {
    command: "git fsck --full && git log -p --format=%s && git config --get-regexp remote; git remote",
  });
  expect(output).toContain("-first\n+second\n");
  expect(output).not.toMatch(/missing|remote\./);
});

test("an execution gets what its commit reaches and no other branch's contents", async () => {
  const first = system.github.addRepository("octo/branches", { "a.txt": "a\n" });
  const other = await push("branches", "secret.txt", "of the other branch\n", "other");
  await open("branches", "other");

  const { caller } = await open("branches", first);
  expect(await caller.call("runCommand", { command: `git cat-file -e ${first}` })).toMatchObject({
    exitCode: 0,
  });
  expect(await caller.call("runCommand", { command: `git cat-file -e ${other}` })).not.toMatchObject({
    exitCode: 0,
  });
});

test("a token that does not open the repository gets nothing of what the mirror holds", async () => {
  const commit = system.github.addRepository("octo/private", { "a.txt": "a\n" });
  await open("private");
  const caller = await system.callerFor("mirror-stranger", {
    repository: { owner: "octo", repo: "private" },
  });

  const meta = { "afu9/repository-token": "ghs_of_nobody" };
  for (const ref of [undefined, "main", commit]) {
    const args = { owner: "octo", repo: "private", ...(ref && { ref }) };
    expect(await caller.refused("openWorkspace", args, meta)).toContain("the token does not open it");
  }
});

test("many executions that open one repository at once make one mirror and do not disturb each other", async () => {
  system.github.addRepository("octo/crowd", filesOfSomeSize());
  const before = mirrors().length;
  const opened = await Promise.all(Array.from({ length: 6 }, () => open("crowd")));

  expect(mirrors()).toHaveLength(before + 1);
  for (const { caller } of opened)
    expect(await caller.call("runCommand", { command: "git status --short && git fsck" })).toMatchObject({
      exitCode: 0,
      output: expect.not.stringContaining("??"),
    });
});

test.each<[string, (mirror: string) => void]>([
  [
    "whose making was killed",
    (mirror) => {
      rmSync(mirror, { recursive: true });
      mkdirSync(join(mirror, "objects"), { recursive: true });
      writeFileSync(join(mirror, "HEAD"), "");
    },
  ],
  ["that a killed git has left locked", (mirror) => writeFileSync(join(mirror, "shallow.lock"), "")],
  ["with a pack that was damaged", (mirror) => packsOf(mirror).forEach(damage)],
  ["without its packs", (mirror) => rmSync(join(mirror, "objects"), { recursive: true })],
  ["with settings that are no settings", (mirror) => writeFileSync(join(mirror, "config"), "]nonsense[\n")],
])("a mirror %s is thrown away and made anew", async (what, breakIt) => {
  const repo = `broken-${what.length}`;
  system.github.addRepository(`octo/${repo}`, filesOfSomeSize());
  const mirror = await mirrorOf(repo);
  breakIt(mirror);

  const base = await push(repo, "new.txt", "new\n");
  const next = await open(repo);
  expect(next.base).toBe(base);
  expect(await next.caller.call("readFile", { path: "new.txt" })).toContain("new");
  // And the one after that has a mirror that works.
  expect((await open(repo)).bytes).toBeLessThan(20_000);
});

test("a mirror that is old is made anew, and one that nobody used for long is removed", async () => {
  system.github.addRepository("octo/old", { "a.txt": "a\n" });
  system.github.addRepository("octo/unused", { "a.txt": "a\n" });
  const [old, unused] = [await mirrorOf("old"), await mirrorOf("unused")];
  const long = new Date(Date.now() - 2 * 3_600_000);
  utimesSync(join(old, "HEAD"), long, long);
  for (const name of ["HEAD", "FETCH_HEAD"]) utimesSync(join(unused, name), long, long);

  await open("old");
  expect(statSync(join(old, "HEAD")).mtimeMs).toBeGreaterThan(Date.now() - 3_600_000);
  expect(existsSync(unused)).toBe(false);
});

test("mirrors that do not fit are removed, those that were not used for longest first", async () => {
  const small = await startTestWorkspace("none", {
    mirrors: { directory: join(system.root, "small"), maxBytes: 2_500_000, maxAgeMs: 3_600_000 },
  });
  try {
    for (const name of ["first", "second"]) await small.open(name, filesOfSomeSize());
    const [one = "", ...others] = readdirSync(join(system.root, "small"));
    expect(others).toEqual([]);
    await small.open("third", filesOfSomeSize());
    expect(readdirSync(join(system.root, "small"))).not.toContain(one);
  } finally {
    await small.close();
  }
});

test("a network that fails does not cost the mirror", async () => {
  system.github.addRepository("octo/outage", filesOfSomeSize());
  const mirror = await mirrorOf("outage");
  system.github.outage.status = 503;
  try {
    await expect(open("outage")).rejects.toThrow("503");
  } finally {
    system.github.outage.status = 0;
    system.github.tokens.clear();
  }
  expect(packsOf(mirror)).not.toEqual([]);
});

function packsOf(mirror: string): string[] {
  const directory = join(mirror, "objects/pack");
  return readdirSync(directory)
    .filter((name) => name.endsWith(".pack"))
    .map((name) => join(directory, name));
}

function damage(pack: string): void {
  const bytes = randomBytes(statSync(pack).size);
  rmSync(pack);
  writeFileSync(pack, bytes);
}
