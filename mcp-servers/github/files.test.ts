import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";

let server: GithubServer;
beforeAll(async () => {
  server = await openGithubServer();
});
afterAll(() => server.close());

async function commit(files: Record<string, string | Buffer>): Promise<void> {
  const { feature } = (await server.state()).branches;
  await server.call("commitChanges", {
    branch: "feature",
    expectedHead: feature,
    message: "Files",
    files: Object.entries(files).map(([path, content]) => ({
      path,
      mode: "100644",
      content: Buffer.from(content).toString("base64"),
    })),
  });
}

test("a file is read at a branch, a tag, a commit, or the default branch", async () => {
  const { main, feature } = (await server.state()).branches;
  const read = async (ref?: string) =>
    (await server.call<{ content: string }>("getFile", { path: "src/add.js", ref })).content;
  expect(await server.call("getFile", { path: "src/add.js" })).toEqual({
    path: "src/add.js",
    sha: expect.stringMatching(/^[0-9a-f]{40}$/),
    size: 36,
    encoding: "text",
    content: "export const add = (a, b) => a - b;\n",
  });
  for (const ref of ["main", "v1", main]) expect(await read(ref)).toContain("a - b");
  for (const ref of ["feature", "refs/heads/feature", feature]) expect(await read(ref)).toContain("a + b");
});

test("what is no text comes in Base64, and what is too big or no file is refused", async () => {
  const bytes = Buffer.from([0, 1, 254, 255]);
  await commit({ "data.bin": bytes, "big.txt": "x".repeat(1024 * 1024 + 1) });
  const at = { ref: "feature" };
  expect(await server.call("getFile", { ...at, path: "data.bin" })).toMatchObject({
    encoding: "base64",
    content: bytes.toString("base64"),
  });
  expect(await server.refused("getFile", { ...at, path: "big.txt" })).toContain("has 1048577 bytes");
  expect(await server.refused("getFile", { path: "src" })).toContain("src is a folder with src/add.js.");
  expect(await server.refused("getFile", { path: "src/none.js" })).toContain("It does not exist");
  expect(await server.refused("getFile", { path: "src/add.js", ref: "nothing" })).toContain("404");
});

test("code is searched in this repository alone, below a folder and by extension", async () => {
  await server.world.github.createRepository({
    owner,
    name: "other",
    from: server.world.source,
    private: false,
  });
  const found = (args: object) => server.call<{ files: object[] }>("searchCode", { ...args });
  expect(await found({ text: "const ADD" })).toEqual({
    files: [
      {
        path: "src/add.js",
        url: expect.stringContaining(`/${owner}/${repo}/blob/main/src/add.js`),
        fragments: ["export const add = (a, b) => a - b;"],
      },
    ],
    total: 1,
    incomplete: false,
  });
  expect((await found({ text: "add", folder: "docs" })).files).toEqual([]);
  expect((await found({ text: "add", folder: "src", extension: "js" })).files).toHaveLength(1);
  expect((await found({ text: "add", extension: "ts" })).files).toEqual([]);
});

test("words that look like qualifiers are words", async () => {
  expect(await server.call("searchCode", { text: `add repo:${owner}/other` })).toMatchObject({ total: 0 });
});
