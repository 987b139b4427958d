import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
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

const tokenMeta = (token: string) => ({ "afu9/repository-token": token });
const clones = (name: string) =>
  system.github.requests.filter((request) => request.includes(`/octo/${name}.git/git-upload-pack`));

test("a workspace opens at the head of the default branch and says how it is verified", async () => {
  const { opened } = await system.open("opens", {
    "a.txt": "a",
    ".github/afu9.yml": "setup: echo ready\nverify: [test -f a.txt, 'true']\nnetwork: true\n",
  });

  expect(opened).toMatchObject({
    base: system.github.git("octo/opens", "rev-parse", "main"),
    branch: "main",
    files: 2,
    setup: { source: "configured", commands: ["echo ready"], results: [{ exitCode: 0, output: "ready\n" }] },
    verify: { source: "configured", commands: ["test -f a.txt", "true"], network: true },
  });
  expect(opened.note).toBeUndefined();
});

test("the commands of a repository without a configuration are detected", async () => {
  const { opened } = await system.open("detects", { Makefile: "test:\n\ttrue\n" });

  expect(opened.setup).toEqual({ source: "none", commands: [], results: [] });
  expect(opened.verify).toEqual({ source: "detected", commands: ["make test"], network: false });
});

test("a repository that says nothing about tests has nothing to verify with, and the answer says so", async () => {
  const { opened } = await system.open("silent", { "README.md": "hello" });

  expect(opened.verify).toEqual({ source: "none", commands: [], network: false });
  expect(opened.note).toContain("nothing to verify with");
});

test("the token is revoked before the first command of the repository runs", async () => {
  const { url } = system.github;
  const revokes = `DELETE /installation/token`;
  system.github.addRepository("octo/revokes", {
    ".github/afu9.yml": `setup: curl --silent ${url}/a-command-ran\n`,
  });
  const caller = await system.callerFor("revokes");

  await openWith(system.github, caller, { owner: "octo", repo: "revokes" });

  const { requests, tokens } = system.github;
  expect(requests.indexOf("GET /a-command-ran")).toBeGreaterThan(requests.lastIndexOf(revokes));
  expect(requests.lastIndexOf(revokes)).toBeGreaterThan(requests.indexOf(clones("revokes")[0] ?? "none"));
  expect(tokens.size).toBe(0);
});

test("a token that is not revoked fails the tool, and no command runs", async () => {
  system.github.addRepository("octo/keeps", { ".github/afu9.yml": "setup: touch ../ran\n" });
  const caller = await system.callerFor("keeps");
  system.github.revocation.status = 500;
  try {
    const meta = tokenMeta(freshToken(system.github));
    expect(await caller.refused("openWorkspace", { owner: "octo", repo: "keeps" }, meta)).toContain(
      "not revoked",
    );
  } finally {
    system.github.revocation.status = 204;
    system.github.tokens.clear();
  }
  expect(existsSync(join(system.root, "keeps/ran"))).toBe(false);
  expect(await caller.refused("listFiles")).toContain("Call openWorkspace first");
});

test("the token is nowhere in the workspace", async () => {
  system.github.addRepository("octo/traceless", { "a.txt": "a" });
  const caller = await system.callerFor("traceless");
  const token = freshToken(system.github);
  await caller.call("openWorkspace", { owner: "octo", repo: "traceless" }, tokenMeta(token));

  const encoded = Buffer.from(`x-access-token:${token}`).toString("base64");
  const command = `grep --recursive --text --files-with-matches -e '${token}' -e '${encoded}' ..; env | grep -e '${token}' -e '${encoded}'`;
  expect(await caller.call("runCommand", { command })).toMatchObject({ exitCode: 1, output: "" });
});

test("without a token the workspace does not open", async () => {
  system.github.addRepository("octo/tokenless", { "a.txt": "a" });
  const caller = await system.callerFor("tokenless");

  expect(await caller.refused("openWorkspace", { owner: "octo", repo: "tokenless" })).toContain(
    "afu9/repository-token",
  );
});

test("opening again gives the same answer without another clone, and revokes that token too", async () => {
  const { caller, opened } = await system.open("again", { "a.txt": "a" });
  await caller.call("writeFile", { path: "b.txt", content: "kept" });

  const before = clones("again").length;
  expect(await openWith(system.github, caller, { owner: "octo", repo: "again" })).toEqual(opened);
  expect(clones("again")).toHaveLength(before);
  expect(await caller.call("readFile", { path: "b.txt" })).toContain("kept");
  expect(system.github.tokens.size).toBe(0);
});

test("two calls at once clone once", async () => {
  system.github.addRepository("octo/twice", { "a.txt": "a" });
  const caller = await system.callerFor("twice");

  const args = { owner: "octo", repo: "twice" };
  const both = [openWith(system.github, caller, args), openWith(system.github, caller, args)];
  const [first, second] = await Promise.all(both);
  expect(first).toEqual(second);
  // In protocol version 2 a POST lists the refs and one fetches; contents are fetched after the history.
  expect(clones("twice").length).toBeLessThanOrEqual(4);
});

test("a branch or a commit can be given", async () => {
  const first = system.github.addRepository("octo/refs", { "a.txt": "a" });
  system.github.git("octo/refs", "branch", "feature/x", first);

  const byBranch = await openWith(
    system.github,
    await system.callerFor("by-branch", { repository: { owner: "octo", repo: "refs" } }),
    {
      owner: "octo",
      repo: "refs",
      ref: "feature/x",
    },
  );
  const byCommit = await openWith(
    system.github,
    await system.callerFor("by-commit", { repository: { owner: "octo", repo: "refs" } }),
    {
      owner: "octo",
      repo: "refs",
      ref: first,
    },
  );
  expect(byBranch).toMatchObject({ base: first, branch: "feature/x" });
  expect(byCommit).toMatchObject({ base: first, branch: first });
});

test.each(["nowhere", "--upload-pack=touch /tmp/x", "../x", "a b", "0".repeat(40)])(
  "the ref %j, which is not there, is refused with what to give instead",
  async (ref) => {
    const name = `no-ref-${ref.length}`;
    system.github.addRepository(`octo/${name}`, { "a.txt": "a" });
    const caller = await system.callerFor(name);

    const meta = tokenMeta(freshToken(system.github));
    const message = await caller.refused("openWorkspace", { owner: "octo", repo: name, ref }, meta);
    expect(message).toContain("leave ref out for the default branch");
  },
);

test("a repository that is not there is refused without showing the token", async () => {
  const caller = await system.callerFor("missing");
  const token = freshToken(system.github);

  const message = await caller.refused("openWorkspace", { owner: "octo", repo: "missing" }, tokenMeta(token));
  expect(message).toContain("could not be cloned");
  expect(message).not.toContain(token);
});

test("a setup command that fails fails the tool, with its output, and leaves nothing behind", async () => {
  system.github.addRepository("octo/broken", {
    ".github/afu9.yml": "setup: [echo the cause >&2; exit 3, touch never]\n",
  });
  const caller = await system.callerFor("broken");

  const message = await caller.refused(
    "openWorkspace",
    { owner: "octo", repo: "broken" },
    tokenMeta(freshToken(system.github)),
  );
  expect(message).toContain("failed with exit code 3");
  expect(message).toContain("the cause");
  expect(readdirSync(system.root)).not.toContain("broken");
});

test("a configuration that can't be used is refused by the name of its key", async () => {
  system.github.addRepository("octo/wrong", { ".github/afu9.yml": "verifi: npm test\n" });
  const caller = await system.callerFor("wrong");

  const message = await caller.refused(
    "openWorkspace",
    { owner: "octo", repo: "wrong" },
    tokenMeta(freshToken(system.github)),
  );
  expect(message).toContain("verifi");
});

test("where the commit's configuration says nothing, or can't be used, what holds for the repository does", async () => {
  const defaults = { setup: ["echo setup"], verify: ["echo verify"], network: false };
  const open = async (name: string, text: string) => {
    system.github.addRepository(`octo/${name}`, { "a.txt": "a", ".github/afu9.yml": text });
    const caller = await system.callerFor(name);
    return openWith(system.github, caller, { owner: "octo", repo: name, defaults });
  };
  expect(await open("without-verify", "setup: echo own\n")).toMatchObject({
    setup: { source: "configured", commands: ["echo own"] },
    verify: { source: "configured", commands: ["echo verify"] },
  });
  expect(await open("wrong-now", "verifi: npm test\n")).toMatchObject({
    setup: { commands: ["echo setup"] },
    verify: { commands: ["echo verify"] },
  });
});

test("hooks and settings of a repository do not run", async () => {
  const { opened } = await system.open("hooks", {
    "hooks/post-checkout": { executable: "#!/bin/sh\ntouch ../../ran\n" },
    ".gitattributes": "* filter=evil\n",
    ".gitconfig": "[core]\n\tfsmonitor = touch ../../ran\n",
  });
  expect(opened.files).toBe(3);
  expect(existsSync(join(system.root, "ran"))).toBe(false);
});

test("closing removes everything of the execution, and can be repeated", async () => {
  const { caller } = await system.open("closes", { "a.txt": "a" });
  await caller.call("runCommand", {
    command: "mkdir -p locked/in && touch locked/in/x && chmod -R a-rwx locked",
  });

  expect(await caller.call("closeWorkspace")).toEqual({ closed: true });
  expect(await caller.call("closeWorkspace")).toEqual({ closed: true });
  expect(readdirSync(system.root)).not.toContain("closes");
  expect(await caller.refused("readFile", { path: "a.txt" })).toContain("Call openWorkspace first");
});

test("one execution does not see another's workspace", async () => {
  await system.open("mine", { "a.txt": "a" });
  const other = await system.callerFor("other", { repository: { owner: "octo", repo: "mine" } });

  expect(await other.refused("listFiles")).toContain("no workspace");
});

test("a workspace is found again under the repository's new name, and never by that of another", async () => {
  system.github.addRepository("octo/before", { "a.txt": "a" });
  const under = (repo: string, id: number) =>
    system.callerFor("moved", { repository: { owner: "octo", repo, id } });
  await openWith(system.github, await under("before", 7), { owner: "octo", repo: "before" });

  expect(await (await under("after", 7)).call("readFile", { path: "a.txt" })).toContain("a.txt");
  expect(await (await under("before", 8)).refused("readFile", { path: "a.txt" })).toContain(
    "belongs to another repository",
  );
});

test.each(["../mine", "", ".", "a/b"])("the execution %j does not name a workspace", async (execution) => {
  // An empty one is no capability at all.
  const calling = system.callerFor(execution, { repository: { owner: "octo", repo: "mine" } });
  const refusal = calling.then((caller) => caller.refused("listFiles"));
  await (execution === ""
    ? expect(refusal).rejects.toThrow()
    : expect(refusal).resolves.toContain("can't name a workspace"));
});

test("a checkout that is only to be read obeys nothing of what it says, also where that is broken", async () => {
  system.github.addRepository("octo/only-read", {
    ".github/afu9.yml": "setup: [touch ../ran\n",
    "a.txt": "a",
  });
  const caller = await system.callerFor("only-read");
  const opened = await openWith(system.github, caller, { owner: "octo", repo: "only-read", setup: false });
  expect(opened).toMatchObject({ files: 2, setup: { commands: [] }, verify: { commands: [] } });
  expect(opened.note).toBeUndefined();
  expect(existsSync(join(system.root, "only-read/ran"))).toBe(false);
});

test("where nothing was changed, `verify` fails and `verifyIfChanged` passes; a change both of them check", async () => {
  const { caller } = await system.open("unchanged", {
    "a.txt": "a",
    ".github/afu9.yml": "verify: grep -q a a.txt\n",
  });
  expect(await caller.call("verify")).toMatchObject({ passed: false, changed: 0 });
  expect(await caller.call("verifyIfChanged")).toMatchObject({
    passed: true,
    changed: 0,
    note: "No file was changed, so there was nothing to verify.",
  });
  await caller.call("writeFile", { path: "a.txt", content: "b" });
  expect(await caller.call("verifyIfChanged")).toMatchObject({ passed: false, changed: 1 });
});

test("where the commit's own configuration does not count, only the defaults and its files say how it is verified", async () => {
  system.github.addRepository("octo/unheard", {
    ".github/afu9.yml": "setup: touch ../ran\nverify: touch ../ran\nnetwork: true\n",
    Makefile: "test:\n\ttrue\n",
  });
  const open = async (execution: string, more: object) => {
    const caller = await system.callerFor(execution, { repository: { owner: "octo", repo: "unheard" } });
    const input = { owner: "octo", repo: "unheard", ownCommands: false, ...more };
    return openWith(system.github, caller, input);
  };
  expect(await open("unheard-detects", {})).toMatchObject({
    setup: { commands: [] },
    verify: { source: "detected", commands: ["make test"], network: false },
  });
  const defaults = { setup: ["true"], verify: ["test -f Makefile"], network: false };
  expect(await open("unheard-defaults", { defaults })).toMatchObject({
    setup: { source: "configured", commands: ["true"] },
    verify: { source: "configured", commands: ["test -f Makefile"], network: false },
  });
  expect(existsSync(join(system.root, "unheard-detects/ran"))).toBe(false);
});
