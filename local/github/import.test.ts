import { createHash } from "node:crypto";
import { chmod, cp, lstat, mkdir, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { runGit } from "./testing/run-git.ts";
import { openWorld, owner, type World } from "./testing/world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** Every path with its mode, time and content. */
async function fingerprint(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const path of (await readdir(folder, { recursive: true })).sort()) {
    const full = join(folder, path);
    const { mode, mtimeMs, ino } = await lstat(full);
    hash.update(`${path} ${mode} ${mtimeMs} ${ino}\n`);
    if ((mode & 0o170000) === 0o100000) hash.update(await readFile(full));
    if ((mode & 0o170000) === 0o120000) hash.update(await readlink(full));
  }
  return hash.digest("hex");
}

test("an import brings branches and tags and leaves the source exactly as it was, its hooks unrun", async () => {
  const source = join(world.folder, "untouched");
  await cp(world.source, source, { recursive: true, verbatimSymlinks: true });
  await mkdir(join(source, ".git/hooks"), { recursive: true });
  const trap = join(world.folder, "hook-ran");
  for (const hook of [
    "post-checkout",
    "pre-receive",
    "post-update",
    "reference-transaction",
    "pre-auto-gc",
  ]) {
    await writeFile(join(source, ".git/hooks", hook), `#!/bin/sh\ntouch ${trap}\n`);
    await chmod(join(source, ".git/hooks", hook), 0o755);
  }
  const before = await fingerprint(source);
  const { path, default_branch } = await world.github.createRepository({
    owner,
    name: "imported",
    from: source,
  });
  expect(await fingerprint(source)).toBe(before);
  expect(await readdir(world.folder)).not.toContain("hook-ran");
  expect(default_branch).toBe("main");
  expect(await runGit(path, "for-each-ref", "--format=%(refname) %(objectname)")).toBe(
    await runGit(source, "for-each-ref", "--format=%(refname) %(objectname)"),
  );
});

test("the branch that HEAD points to is the default branch", async () => {
  await runGit(world.source, "checkout", "--quiet", "feature");
  const made = await world.github.createRepository({ owner, name: "on-feature", from: world.source });
  expect(made.default_branch).toBe("feature");
});

test("a detached HEAD becomes main", async () => {
  await runGit(world.source, "checkout", "--quiet", "--detach", "feature");
  await runGit(world.source, "commit", "--quiet", "--allow-empty", "-m", "Off the branches");
  const made = await world.github.createRepository({ owner, name: "detached", from: world.source });
  expect(made.default_branch).toBe("main");
  expect(await runGit(made.path, "rev-parse", "main")).toBe(await runGit(world.source, "rev-parse", "HEAD"));
});

test("a shallow clone, a bare repository and a linked work tree can be imported", async () => {
  await runGit(world.folder, "clone", "--quiet", "--depth=1", `file://${world.source}`, "shallow");
  await runGit(world.folder, "clone", "--quiet", "--bare", world.source, "bare");
  await runGit(world.source, "worktree", "add", "--quiet", join(world.folder, "linked"), "feature");
  for (const name of ["shallow", "bare", "linked"]) {
    const made = await world.github.createRepository({
      owner,
      name,
      from: join(world.folder, name),
      private: false,
    });
    await runGit(world.folder, "clone", "--quiet", made.clone_url, `${name}-clone`);
    expect(await readFile(join(world.folder, `${name}-clone/README.md`), "utf8")).toBe("# Sample\n");
  }
});

test("what cannot be imported is refused in words that help", async () => {
  const make = (from: string) => world.github.createRepository({ owner, name: "refused", from });
  await expect(make(join(world.folder, "nowhere"))).rejects.toThrow("There is no folder at");
  await mkdir(join(world.folder, "plain"));
  await expect(make(join(world.folder, "plain"))).rejects.toThrow("is not a git repository");
  await runGit(world.folder, "init", "--quiet", "empty");
  await expect(make(join(world.folder, "empty"))).rejects.toThrow("has no commits");
  await expect(make(join(world.source, "src"))).rejects.toThrow("is inside the git repository");
});

test("a repository made from nothing has a default branch and no commits", async () => {
  const made = await world.github.createRepository({ owner, name: "blank" });
  expect(made.default_branch).toBe("main");
  expect((await world.github.repository(`${owner}/blank`)).branches).toEqual({});
});
