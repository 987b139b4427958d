// What a repository, a prompt or a command may try against the workspace, through a real client: each is a clear error, and
// nothing outside of the checkout is read or changed.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { McpCaller } from "../../test/connect-mcp.ts";
import { requireSandbox } from "../../test/requires.ts";
import { freshToken, startTestWorkspace, type TestWorkspace } from "../../test/start-test-workspace.ts";

const inBubblewrap = await requireSandbox();
const kind = inBubblewrap.isMet ? "bwrap" : "none";
const outside = mkdtempSync(join(tmpdir(), "afu9-outside-"));
const secret = "the secret outside of every checkout";

let system: TestWorkspace;
let caller: McpCaller;
let checkout: string;
beforeAll(async () => {
  writeFileSync(join(outside, "secret.txt"), secret);
  system = await startTestWorkspace(kind, { maxFound: 2_000 });
  ({ caller } = await system.open("hostile", {
    "a.txt": "one\ntwo\n",
    "src/b.txt": "b\n",
    "link-out": { link: join(outside, "secret.txt") },
    "directory-out": { link: outside },
    "link-up": { link: "../git/config" },
    "link-to-proc": { link: "/proc/self/environ" },
    "binary.bin": "a\0b\u0001",
  }));
  checkout = join(system.root, "hostile/checkout");
  execFileSync("mkfifo", [join(checkout, "pipe"), join(checkout, "src/pipe")]);
});
afterAll(async () => {
  await system.close();
  rmSync(outside, { recursive: true });
});

const meta = () => ({ "afu9/repository-token": freshToken(system.github) });
const add = (path: string) => `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+pwned\n`;

/** Every tool that takes a path, called with this one. */
async function tryPath(path: string): Promise<string[]> {
  return Promise.all([
    caller.refused("readFile", { path }),
    caller.refused("editFile", { path, oldText: "e", newText: "pwned" }),
    caller.refused("writeFile", { path, content: "pwned" }),
    caller.refused("applyPatch", { patch: add(path) }),
    ...(path.startsWith("link-") && !path.includes("/") ? [] : [caller.refused("deleteFile", { path })]),
  ]);
}

describe("a path", () => {
  test.each([
    ["that goes up", "../hostile/state.json"],
    ["that goes up later", "src/../../state.json"],
    ["that is absolute", "/etc/passwd"],
    ["into git", ".git"],
    ["into git's settings", ".git/config"],
    ["into git by another case", ".GIT/config"],
    ["into git as Windows has it", "GIT~1/config"],
    ["into git with a character that is not seen", ".g\u200cit/config"],
    ["into git of a directory", "src/.Git/hooks/post-commit"],
    ["by a link to a file outside", "link-out"],
    ["by a link to a directory outside", "directory-out/secret.txt"],
    ["to a new file outside", "directory-out/new.txt"],
    ["by a link to git", "link-up"],
    ["by a link into /proc", "link-to-proc"],
    ["that is /proc", "/proc/self/environ"],
    ["with a NUL", "a.txt\0.ts"],
    ["to a pipe", "pipe"],
    ["to a pipe in a directory", "src/pipe"],
    ["that is too long", "x/".repeat(3_000)],
    ["with a name that is too long", "x".repeat(300)],
  ])("%s is refused by every tool", async (_, path) => {
    // A pipe may be deleted: it is an entry of the checkout like any other.
    const refusals = path.endsWith("pipe")
      ? await Promise.all([
          caller.refused("readFile", { path }),
          caller.refused("writeFile", { path, content: "pwned" }),
          caller.refused("applyPatch", { patch: add(path) }),
        ])
      : await tryPath(path);
    for (const refusal of refusals) {
      expect(refusal).not.toContain("could not be done");
      expect(refusal).not.toContain(secret);
    }
    expect(existsSync(join(outside, "new.txt"))).toBe(false);
    expect(readFileSync(join(outside, "secret.txt"), "utf8")).toBe(secret);
  });

  test.each(["link-out", "directory-out"])("%s is deleted itself, and not what it leads to", async (path) => {
    execFileSync("cp", ["-P", join(checkout, path), join(checkout, `${path}-2`)]);
    await caller.call("deleteFile", { path: `${path}-2` });
    expect(readFileSync(join(outside, "secret.txt"), "utf8")).toBe(secret);
  });

  test("in the directory of something listed or searched is not followed out", async () => {
    for (const path of ["directory-out", "../..", "/etc", ".git"]) {
      expect(await caller.refused("listFiles", { path })).not.toContain("could not be done");
      expect(await caller.refused("searchCode", { path, pattern: "secret" })).not.toContain(secret);
    }
    expect(await caller.call("searchCode", { pattern: secret })).toMatchObject({ total: 0 });
  });
});

describe("a directory that becomes a link between the check and the use", () => {
  const swapped = ["readFile", "writeFile", "editFile", "deleteFile", "applyPatch", "searchCode"] as const;

  test.each(swapped)("does not lead %s out", async (name) => {
    const victim = join(outside, name);
    mkdirSync(victim);
    writeFileSync(join(victim, "victim.txt"), secret);
    const [real, link, at] = ["real", "link", "swap"].map((part) => join(checkout, `${part}-${name}`));
    const swap = `const { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
      const [real, link, at] = ${JSON.stringify([real, link, at])};
      while (true) try {
        for (const path of [real, link, at]) rmSync(path, { recursive: true, force: true });
        mkdirSync(at);
        writeFileSync(at + "/victim.txt", "inside");
        symlinkSync(${JSON.stringify(victim)}, link);
        while (true) for (const [from, to] of [[at, real], [link, at], [at, link], [real, at]]) renameSync(from, to);
      } catch { /* A tool made the directory meanwhile, or deleted the link. */ }`;
    const swapping = spawn(process.execPath, ["-e", swap], { stdio: "ignore", detached: true });
    try {
      const path = `swap-${name}/victim.txt`;
      const args = {
        readFile: { path },
        writeFile: { path, content: "pwned" },
        editFile: { path, oldText: "secret", newText: "pwned" },
        deleteFile: { path },
        applyPatch: { patch: add(`swap-${name}/${Date.now()}.txt`) },
        searchCode: { path: `swap-${name}`, pattern: kind === "bwrap" ? "." : "nothing of the kind" },
      }[name];
      // Those that start programs meet more swaps in one call.
      const calls = name === "applyPatch" || name === "searchCode" ? 30 : 150;
      for (let times = 0; times < calls; times++) {
        const answer = await caller.client.callTool({ name, arguments: args });
        expect(JSON.stringify(answer)).not.toContain(secret);
      }
    } finally {
      process.kill(-(swapping.pid ?? 0), "SIGKILL");
    }
    expect(readFileSync(join(victim, "victim.txt"), "utf8")).toBe(secret);
    expect(execFileSync("ls", [victim], { encoding: "utf8" })).toBe("victim.txt\n");
  });
});

describe("a file", () => {
  test("that is no text is refused for reading and editing", async () => {
    expect(await caller.refused("readFile", { path: "binary.bin" })).toContain("not UTF-8 text");
    expect(await caller.refused("editFile", { path: "binary.bin", oldText: "a", newText: "b" })).toContain(
      "not UTF-8",
    );
  });

  test("that holds gigabytes, or grows while it is read, is not read into memory", async () => {
    execFileSync("truncate", ["--size=20G", join(checkout, "sparse.txt")]);
    expect(await caller.refused("readFile", { path: "sparse.txt" })).toContain("files of up to 1 MB");
    const growing = spawn("bash", ["-c", `while :; do echo grows; done > ${checkout}/growing.txt`], {
      detached: true,
    });
    const before = process.memoryUsage().rss;
    for (let times = 0; times < 20; times++)
      await caller.client.callTool({ name: "readFile", arguments: { path: "growing.txt" } });
    process.kill(-(growing.pid ?? 0), "SIGKILL");
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  test("that unpacks to much more than it is stays as it is: nothing is unpacked", async () => {
    await caller.call("runCommand", { command: "yes aaaaaaaa | head -c 50000000 | gzip > bomb.txt.gz" });
    const args = { pattern: "aaaaaaaa", path: "bomb.txt.gz" };
    expect(await caller.call("searchCode", args)).toMatchObject({ total: 0 });
    const patch =
      "diff --git a/bomb b/bomb\nnew file mode 100644\nGIT binary patch\nliteral 1000000000\nzcmZ\n";
    expect(await caller.refused("applyPatch", { patch })).toContain("binary");
  });
});

test("more files than can be looked at are listed and searched up to the bound, and the answer says so", async () => {
  const command = "mkdir many && cd many && seq 5000 | xargs touch && echo needle | tee {1..3000} > all";
  expect(await caller.call("runCommand", { command })).toMatchObject({ exitCode: 0 });
  expect(await caller.call("listFiles", { path: "many" })).toMatchObject({
    total: 2_000,
    note: expect.stringContaining("more than 2000 files"),
  });
  expect(await caller.call("listFiles", { path: "many", depth: 1, glob: "1*" })).toMatchObject({
    note: expect.stringContaining("Only the first 1000"),
  });
  expect(await caller.call("searchCode", { pattern: "needle" })).toMatchObject({
    note: expect.stringContaining("More than 2000 lines"),
  });
});

describe("an argument that begins with a dash", () => {
  test.each(["--upload-pack=touch /tmp/pwned", "-h", "--exec=sh", "--all"])(
    "the ref %j is no option",
    async (ref) => {
      const repo = `dash-${ref.length}`;
      system.github.addRepository(`octo/${repo}`, { "a.txt": "a" });
      const other = await system.callerFor(repo);
      const refusal = await other.refused("openWorkspace", { owner: "octo", repo, ref }, meta());
      expect(refusal).toContain("There is no ref");
    },
  );

  test("is a pattern, a path or a glob, and no option", async () => {
    expect(await caller.call("searchCode", { pattern: "--pre=sh" })).toMatchObject({ total: 0 });
    expect(await caller.call("listFiles", { glob: "--files" })).toMatchObject({ total: 0 });
    await caller.call("writeFile", { path: "-rf", content: "-rf\n" });
    expect(await caller.call("readFile", { path: "-rf" })).toContain("-rf");
    expect(await caller.call("deleteFile", { path: "-rf" })).toMatchObject({ deleted: true });
  });
});

describe("a repository", () => {
  /** Makes a repository whose tree has these entries, which git itself would not take into an index. */
  function plant(name: string, entries: string): void {
    system.github.addRepository(`octo/${name}`, { "a.txt": "a" });
    const bare = (...args: string[]) => system.github.git(`octo/${name}`, ...args);
    const directory = bare("rev-parse", "--absolute-git-dir");
    const blob = bare("rev-parse", "main:a.txt");
    const tree = execFileSync("git", ["mktree", "--missing"], {
      cwd: directory,
      input: entries.replaceAll("BLOB", blob),
      encoding: "utf8",
    }).trim();
    bare("update-ref", "refs/heads/main", bare("commit-tree", tree, "-m", "planted"));
  }
  const open = async (name: string) => {
    const other = await system.callerFor(name);
    return {
      other,
      opening: other.client.callTool({
        name: "openWorkspace",
        arguments: { owner: "octo", repo: name },
        _meta: meta(),
      }),
    };
  };

  test.each([".git", ".GIT", ".git ", "git~1"])(
    "with an entry named %j is not checked out",
    async (entry) => {
      const name = `entry-${Buffer.from(entry).toString("hex")}`;
      plant(name, `100644 blob BLOB\ta.txt\n100644 blob BLOB\t${entry}\n`);
      const { opening } = await open(name);
      expect(JSON.stringify(await opening)).toContain("can't be checked out: invalid path");
    },
  );

  test("with submodules, one of them behind ext::, is opened without them", async () => {
    const marker = join(outside, "submodule-ran");
    const files = {
      ".gitmodules": `[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch ${marker}"\n\tupdate = !touch ${marker}\n`,
      ".gitattributes": "* filter=lfs diff=evil merge=evil\n",
      ".gitconfig": `[core]\n\tfsmonitor = touch ${marker}\n\thooksPath = hooks\n[filter "lfs"]\n\tsmudge = touch ${marker}\n`,
      "hooks/post-checkout": { executable: `#!/bin/sh\ntouch ${marker}\n` },
      ".lfsconfig": "[lfs]\n\turl = http://169.254.169.254/\n",
    };
    const { caller: other, opened } = await system.open("submodules", files);
    await other.call("writeFile", { path: "a.txt", content: "a" });
    await other.call("changes");
    expect(opened.files).toBe(5);
    expect(existsSync(marker)).toBe(false);
  });
});

inBubblewrap("a command reaches no address, not even that of the cloud's metadata", async () => {
  const probe = (address: string) =>
    `node -e 'require("net").connect(80, "${address}").on("error", (e) => console.log(e.code))'`;
  const addresses = ["169.254.169.254", "fd00:ec2::254", "127.0.0.1"];
  const { output } = await caller.call<{ output: string }>("runCommand", {
    command: addresses.map(probe).join("\n"),
  });
  expect(output.trim().split("\n")).toEqual([
    expect.stringMatching(/UNREACH/),
    expect.stringMatching(/UNREACH|EADDRNOTAVAIL/),
    "ECONNREFUSED",
  ]);
});

inBubblewrap("a command sees no secret of this machine in /proc", async () => {
  const { output } = await caller.call<{ output: string }>("runCommand", {
    command: "cat /proc/*/environ /proc/1/cmdline /proc/mounts | tr '\\0' '\\n'; ls -d /proc/[0-9]* | wc -l",
  });
  expect(output).not.toContain("AFU9_");
  expect(Number(output.trim().split("\n").at(-1))).toBeLessThan(10);
});
