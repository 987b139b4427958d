import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { inspectRepository } from "./inspect-repository.ts";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "afu9-inspect-")));
});
afterEach(() => rm(folder, { recursive: true }));

function git(path: string, ...args: string[]): void {
  const identity = [
    "-c",
    "user.name=AFU-9",
    "-c",
    "user.email=afu9@localhost",
    "-c",
    "init.defaultBranch=main",
  ];
  execFileSync("git", ["-C", path, ...identity, ...args], { stdio: "pipe" });
}

async function repository(name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  git(path, "init");
  await writeFile(join(path, "file"), "text");
  git(path, "add", "file");
  git(path, "commit", "-m", "first");
  return path;
}

test("a repository is taken under its folder's name", async () => {
  const path = await repository("plain");
  expect(await inspectRepository(path)).toEqual({ path, name: "plain", notes: [] });
});

test.each([
  ["with spaces & signs", "with-spaces-signs"],
  ["grün", "gru-n"],
  ["--", "repository"],
  [".config", "config"],
])("the folder %j becomes the repository %s", async (folderName, name) => {
  expect(await inspectRepository(await repository(folderName))).toMatchObject({ name });
});

test("a bare repository is taken without its ending", async () => {
  const path = await repository("work");
  git(folder, "clone", "--bare", path, "bare.git");
  expect(await inspectRepository(join(folder, "bare.git"))).toMatchObject({ name: "bare", notes: [] });
});

test("a link to a repository is followed", async () => {
  const path = await repository("real");
  execFileSync("ln", ["-s", path, join(folder, "link")]);
  expect(await inspectRepository(join(folder, "link"))).toMatchObject({ path, name: "real" });
});

test("uncommitted changes and a detached HEAD are worth a note", async () => {
  const path = await repository("dirty");
  git(path, "checkout", "--detach");
  await writeFile(join(path, "other"), "text");
  const { notes } = await inspectRepository(path);
  expect(notes).toEqual([
    expect.stringContaining("uncommitted changes"),
    expect.stringContaining("is on no branch"),
  ]);
});

test("looking at a repository writes nothing to it", async () => {
  const path = await repository("kept");
  const listing = async () =>
    Promise.all(
      (await readdir(path, { recursive: true }))
        .sort()
        .map(async (name) => [name, (await stat(join(path, name))).mtimeMs]),
    );
  await writeFile(join(path, "file"), "text");
  const before = await listing();
  await inspectRepository(path);
  expect(await listing()).toEqual(before);
});

test("a folder that is not there, or is a file, is refused", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(inspectRepository(join(folder, "none"))).rejects.toThrow(
    `There is no folder at ${folder}/none.`,
  );
  await expect(inspectRepository(join(folder, "file"))).rejects.toThrow("There is no folder at");
});

test("a folder that is no repository is refused", async () => {
  await expect(inspectRepository(folder)).rejects.toThrow(`${folder} is not a git repository.`);
});

test("a folder inside of a repository is refused, and the repository named", async () => {
  const path = await repository("outer");
  await mkdir(join(path, "inner"));
  await expect(inspectRepository(join(path, "inner"))).rejects.toThrow(
    `is inside the git repository ${path}`,
  );
});

test("a repository without commits is refused", async () => {
  git(folder, "init");
  await expect(inspectRepository(folder)).rejects.toThrow("has no commits on its current branch");
});
