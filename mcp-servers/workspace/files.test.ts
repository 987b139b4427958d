import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { McpCaller } from "../../test/connect-mcp.ts";
import { startTestWorkspace, type TestWorkspace } from "../../test/start-test-workspace.ts";

let system: TestWorkspace;
let caller: McpCaller;
let checkout: string;
beforeAll(async () => {
  system = await startTestWorkspace("none");
  ({ caller } = await system.open("files", {
    ".gitignore": "ignored.txt\n",
    ".hidden/x.txt": "hidden",
    "a.ts": "one\ntwo\nthree\n",
    "b.bin": "\0binary",
    "empty.txt": "",
    "crlf.txt": "one\r\ntwo\r\n",
    "link-in": { link: "a.ts" },
    "link-out": { link: "/etc/passwd" },
    "directory-out": { link: "/etc" },
    "link-to-git": { link: ".git" },
    "link-nowhere": { link: "../nothing-here" },
    "link-to-itself": { link: "link-to-itself" },
    "src/deep/er/c.ts": "const found = 1;\n",
    "src/d.ts": "FOUND (again)\n",
    "with:colon.ts": "a:found:b\n",
  }));
  checkout = join(system.root, "files/checkout");
  writeFileSync(join(checkout, "ignored.txt"), "found");
  execFileSync("mkfifo", [join(checkout, "pipe")]);
});
afterAll(() => system.close());

describe("listFiles", () => {
  test("lists what git does not ignore, hidden files as well", async () => {
    const { entries } = await caller.call<{ entries: string[] }>("listFiles");
    expect(entries).toEqual(
      expect.arrayContaining([".gitignore", ".hidden/x.txt", "a.ts", "src/deep/er/c.ts"]),
    );
    expect(entries).not.toContain("ignored.txt");
    expect(entries).not.toContain(".git");
  });

  test("shows directories below the depth as one entry", async () => {
    expect(await caller.call("listFiles", { path: "src", depth: 1 })).toEqual({
      path: "src",
      entries: ["src/d.ts", "src/deep/"],
      total: 2,
    });
  });

  test("takes a glob, and says when nothing matches", async () => {
    expect(await caller.call("listFiles", { glob: "*.ts", path: "src" })).toMatchObject({
      entries: ["src/d.ts", "src/deep/er/c.ts"],
    });
    expect(await caller.call("listFiles", { glob: "*.rs" })).toMatchObject({
      entries: [],
      note: expect.stringContaining("no such file"),
    });
  });

  test("lists 1,000 entries at most and says how to see the rest", async () => {
    await caller.call("runCommand", { command: "mkdir -p many && cd many && seq 1200 | xargs touch" });
    expect(await caller.call("listFiles", { path: "many" })).toMatchObject({
      entries: { length: 1_000 },
      total: 1_200,
      note: expect.stringContaining("Give a path"),
    });
    await caller.call("runCommand", { command: "rm -r many" });
  });
});

describe("searchCode", () => {
  test("finds lines by a regular expression", async () => {
    expect(await caller.call("searchCode", { pattern: "fo+und" })).toEqual({
      matches: [
        { path: "src/deep/er/c.ts", line: 1, text: "const found = 1;" },
        { path: "with:colon.ts", line: 1, text: "a:found:b" },
      ],
      total: 2,
    });
  });

  test("can ignore case, and search one file or the files of a glob", async () => {
    expect(
      await caller.call("searchCode", { pattern: "found", ignoreCase: true, path: "src/d.ts" }),
    ).toMatchObject({ total: 1 });
    expect(
      await caller.call("searchCode", { pattern: "found", ignoreCase: true, glob: "src/**" }),
    ).toMatchObject({ total: 2 });
  });

  test("says when nothing matches", async () => {
    expect(await caller.call("searchCode", { pattern: "nowhere to be found" })).toMatchObject({
      total: 0,
      note: expect.any(String),
    });
  });

  test("refuses a pattern that is no regular expression, and says how to search for it literally", async () => {
    expect(await caller.refused("searchCode", { pattern: "found(" })).toContain("escape");
  });

  test("takes a pattern that begins with a dash as a pattern", async () => {
    expect(await caller.call("searchCode", { pattern: "--files" })).toMatchObject({ total: 0 });
  });

  test("gives 200 lines at most", async () => {
    await caller.call("writeFile", { path: "long.txt", content: "needle\n".repeat(500) });
    expect(await caller.call("searchCode", { pattern: "needle" })).toMatchObject({
      matches: { length: 200 },
      total: 500,
    });
    await caller.call("deleteFile", { path: "long.txt" });
  });
});

describe("readFile", () => {
  test("gives the text and how many lines there are", async () => {
    expect(await caller.call("readFile", { path: "a.ts" })).toBe(
      "a.ts: lines 1 to 3 of 3\none\ntwo\nthree\n",
    );
    expect(await caller.call("readFile", { path: "./empty.txt" })).toBe("empty.txt: it is empty\n");
  });

  test("gives some of the lines", async () => {
    expect(await caller.call("readFile", { path: "a.ts", startLine: 2, endLine: 2 })).toBe(
      "a.ts: lines 2 to 2 of 3\ntwo\n",
    );
    expect(await caller.refused("readFile", { path: "a.ts", startLine: 4 })).toContain("has 3 lines");
  });

  test("cuts a long file and says how to read on", async () => {
    await caller.call("writeFile", { path: "long.txt", content: `${"x".repeat(99)}\n`.repeat(1_000) });
    const text = await caller.call<string>("readFile", { path: "long.txt" });
    expect(text).toContain("lines 1 to 600 of 1000; call again with startLine 601 for more");
    await caller.call("deleteFile", { path: "long.txt" });
  });

  test("follows a link that stays inside", async () => {
    expect(await caller.call("readFile", { path: "link-in" })).toContain("two");
  });

  test.each([
    ["b.bin", "not UTF-8 text"],
    ["src", "is a directory"],
    ["pipe", "not a regular file"],
    ["nothing.ts", "does not exist"],
    ["a.ts/b", "a part of"],
  ])("refuses %s: it %s", async (path, why) => {
    expect((await caller.refused("readFile", { path })).toLowerCase()).toContain(why.toLowerCase());
  });

  test("refuses a file of more than 1 MB and says what to use", async () => {
    await caller.call("runCommand", { command: "head -c 1048577 /dev/zero | tr '\\0' x > big.txt" });
    expect(await caller.refused("readFile", { path: "big.txt" })).toContain("searchCode");
    await caller.call("deleteFile", { path: "big.txt" });
  });
});

describe("editFile", () => {
  test("replaces a text exactly, whatever it holds", async () => {
    await caller.call("writeFile", { path: "edit.txt", content: "a\n$& and $1\nb\n" });
    expect(
      await caller.call("editFile", { path: "edit.txt", oldText: "$& and $1", newText: "$$ \\1 $`" }),
    ).toEqual({
      path: "edit.txt",
      replaced: 1,
      lines: [2],
    });
    expect(readFileSync(join(checkout, "edit.txt"), "utf8")).toBe("a\n$$ \\1 $`\nb\n");
  });

  test("keeps a file's mode and its CRLF line ends", async () => {
    await caller.call("runCommand", { command: "chmod 755 crlf.txt" });
    await caller.call("editFile", { path: "crlf.txt", oldText: "one\ntwo", newText: "1\n2" });
    expect(readFileSync(join(checkout, "crlf.txt"), "utf8")).toBe("1\r\n2\r\n");
    expect(await caller.call("runCommand", { command: "stat -c %a crlf.txt" })).toMatchObject({
      output: "755\n",
    });
  });

  test("a file that is shorter afterwards has no rest of the old one", async () => {
    await caller.call("writeFile", { path: "shrink.txt", content: "a long text\n" });
    await caller.call("writeFile", { path: "shrink.txt", content: "short\n" });
    expect(readFileSync(join(checkout, "shrink.txt"), "utf8")).toBe("short\n");
  });

  test("refuses what is not there, what is there twice, and a link out", async () => {
    expect(await caller.refused("editFile", { path: "a.ts", oldText: "four", newText: "5" })).toContain(
      "is not in a.ts",
    );
    expect(await caller.refused("editFile", { path: "a.ts", oldText: "t", newText: "5" })).toContain(
      "set replaceAll",
    );
    expect(await caller.refused("editFile", { path: "link-out", oldText: "root", newText: "x" })).toContain(
      "leads out",
    );
  });
});

describe("writeFile and deleteFile", () => {
  test("write a file with its directories, and delete it", async () => {
    expect(await caller.call("writeFile", { path: "new/er/file.txt", content: "é\n" })).toEqual({
      path: "new/er/file.txt",
      bytes: 3,
    });
    expect(await caller.call("deleteFile", { path: "new/er/file.txt" })).toEqual({
      path: "new/er/file.txt",
      deleted: true,
    });
    expect(await caller.refused("deleteFile", { path: "new/er/file.txt" })).toContain("does not exist");
    expect(await caller.refused("deleteFile", { path: "new" })).toContain("rm -r");
  });

  test("delete a link and not what it points to", async () => {
    symlinkSync("a.ts", join(checkout, "one-more-link"));
    await caller.call("deleteFile", { path: "one-more-link" });
    expect(readFileSync(join(checkout, "a.ts"), "utf8")).toContain("one");
  });

  test("do not write over a directory or below a file", async () => {
    expect(await caller.refused("writeFile", { path: "src", content: "" })).toContain("directory");
    expect(await caller.refused("writeFile", { path: "a.ts/x", content: "" })).toContain("part of");
  });
});

const hostile = [
  "/etc/passwd",
  "../outside",
  "src/../../outside",
  "..",
  ".git",
  ".git/config",
  ".GIT/config",
  ".git./config",
  ".g\u200cit/config",
  "git~1/config",
  "src/.git/config",
  "a\0b",
  "link-out",
  "directory-out/passwd",
  "directory-out/new-file",
  "link-to-git",
  "link-to-git/config",
  "link-nowhere",
  "link-nowhere/x",
  "link-to-itself",
  "x".repeat(5_000),
  "x".repeat(300),
];

describe("a hostile path", () => {
  test.each(hostile)("%j is refused by every tool that takes a path", async (path) => {
    const refusals = await Promise.all([
      caller.refused("readFile", { path }),
      caller.refused("editFile", { path, oldText: "a", newText: "b" }),
      caller.refused("writeFile", { path, content: "pwned" }),
      caller.refused("listFiles", { path }),
      caller.refused("searchCode", { path, pattern: "a" }),
    ]);
    // Each is a refusal that was meant, and not something that happened to go wrong.
    for (const refusal of refusals) expect(refusal).not.toContain("could not be done");
  });

  test.each(hostile.filter((path) => !path.startsWith("link-") || path.includes("/")))(
    "%j is not deleted",
    async (path) => {
      expect(await caller.refused("deleteFile", { path })).not.toContain("could not be done");
    },
  );
});
