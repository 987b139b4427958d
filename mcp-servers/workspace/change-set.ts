// What the agent changed, as git sees it: found with a temporary index, so that neither the checkout nor the
// git directory's own index is touched.
import { randomUUID } from "node:crypto";
import { copyFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { type GitPlace, git } from "./git.ts";
import type { Place } from "./workspace.ts";

/** `before` is the blob in the base, where there was a file. */
export type Change =
  | { path: string; mode: "100644" | "100755" | "120000"; blob: string; before?: string }
  | { path: string; deleted: true; before?: string };

export type ChangeSet = {
  changes: Change[];
  /** The base with exactly these changes. */
  tree: string;
};

/** Saves every file of the checkout that git does not ignore, and gives the tree of it. */
export async function saveTree(place: Place): Promise<string> {
  return withIndex(place, async (at) => {
    await copyIndex(join(place.gitDirectory, "index"), at.index);
    // Not `git add`: it would run git inside of a submodule, whose settings the checkout's commands may have written.
    const differing = ["diff-files", "--name-only", "-z", "--ignore-submodules=all"];
    const gone = await git(at, [...differing, "--diff-filter=D"]);
    const changed = await git(at, [...differing, "--diff-filter=d"]);
    const untracked = await git(at, ["ls-files", "--others", "--exclude-standard", "-z"]);
    // A directory in this list is a repository of its own, which can't be part of this one.
    const paths = `${changed}${untracked}`.split("\0").filter((path) => path && !path.endsWith("/"));
    // Without a look at the checkout, where a link may stand in place of the directory that they were in.
    if (gone) await git(at, ["update-index", "-z", "--force-remove", "--stdin"], { input: gone });
    const update = ["update-index", "-z", "--add", "--remove", "--replace", "--stdin"];
    await git(at, update, { input: paths.map((path) => `${path}\0`).join("") });
    return (await git(at, ["write-tree"])).trim();
  });
}

/**
 * Copies an index together with its time, to the second below. By that time git knows which files may have changed
 * within the same second without a trace in their size and time, and reads those.
 */
async function copyIndex(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  const seconds = Math.floor((await stat(from)).mtimeMs / 1000);
  await utimes(to, seconds, seconds);
}

/** What differs from the base now, without what setup had already made different. */
export async function changeSet(
  place: Place,
  { base, treeAfterSetup }: { base: string; treeAfterSetup: string },
): Promise<ChangeSet> {
  const now = await saveTree(place);
  const sinceSetup = new Set((await differences(place, treeAfterSetup, now)).map(({ path }) => path));
  const changes = (await differences(place, base, now)).filter(({ path }) => sinceSetup.has(path));
  return { changes, tree: await treeOf(place, base, changes) };
}

/** What one tree has different from another. */
export async function differences(place: Place, from: string, to: string): Promise<Change[]> {
  const raw = await git(place, ["diff-tree", "-r", "-z", "--no-renames", from, to]);
  const fields = raw.split("\0");
  const changes: Change[] = [];
  // Each is two fields: `:100644 100755 <blob> <blob> M` and the path.
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = "", mode = "", old, blob = ""] = fields[at]?.slice(1).split(" ") ?? [];
    const path = fields[at + 1] ?? "";
    const before = isFileMode(oldMode) ? old : undefined;
    changes.push(isFileMode(mode) ? { path, mode, blob, before } : { path, deleted: true, before });
  }
  return changes;
}

async function treeOf(place: Place, base: string, changes: Change[]): Promise<string> {
  return withIndex(place, async (at) => {
    await git(at, ["read-tree", base]);
    const lines = changes.map((change) =>
      "deleted" in change
        ? `0 ${"0".repeat(40)}\t${change.path}\0`
        : `${change.mode} ${change.blob}\t${change.path}\0`,
    );
    // Removals first: a file may stand where a directory was.
    lines.sort();
    await git(at, ["update-index", "-z", "--index-info"], { input: lines.join("") });
    return (await git(at, ["write-tree"])).trim();
  });
}

/** Lends an index that is removed afterwards. */
export async function withIndex<T>(
  { gitDirectory, checkout }: Place,
  work: (at: GitPlace & { index: string }) => Promise<T>,
  workTree = checkout,
): Promise<T> {
  const index = join(gitDirectory, `index-${randomUUID()}`);
  try {
    return await work({ gitDirectory, workTree, index });
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}

function isFileMode(mode: string): mode is "100644" | "100755" | "120000" {
  return mode === "100644" || mode === "100755" || mode === "120000";
}
