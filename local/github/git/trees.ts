// Reads trees and blobs, and builds trees in a temporary index: a bare repository has none of its own.
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Hub, Repository } from "../hub.ts";
import type { GitOptions } from "./git.ts";

export interface TreeEntry {
  mode: string;
  type: string;
  sha: string;
  size: number | undefined;
  path: string;
}

interface TreeQuery {
  treeish: string;
  recursive?: boolean;
  /** Only this entry; with a slash at its end, what the folder holds. */
  path?: string;
}

/** Undefined when there is no such tree. */
export async function readTree(hub: Hub, repository: Repository, { treeish, recursive, path }: TreeQuery) {
  const flags = recursive ? ["-r", "-t"] : [];
  const paths = path ? [path] : [];
  const args = ["ls-tree", "-z", "--long", "--full-tree", ...flags, treeish, ...paths];
  const listed = await hub.git.attempt(repository.path, args);
  if (listed.code !== 0) return undefined;
  return listed.stdout.toString().split("\0").filter(Boolean).map(entryFrom);
}

function entryFrom(line: string): TreeEntry {
  const tab = line.indexOf("\t");
  const [mode = "", type = "", sha = "", size = "-"] = line.slice(0, tab).split(/ +/);
  return { mode, type, sha, size: size === "-" ? undefined : Number(size), path: line.slice(tab + 1) };
}

/** The entry at that path of a commit, or undefined. */
export async function entryAt(hub: Hub, repository: Repository, commit: string, path: string) {
  const entries = await readTree(hub, repository, { treeish: commit, path });
  return entries?.find((entry) => entry.path === path);
}

export async function readBlob(hub: Hub, repository: Repository, sha: string): Promise<Buffer | undefined> {
  if (!/^[0-9a-f]{40}$/.test(sha)) return undefined;
  const read = await hub.git.attempt(repository.path, ["cat-file", "blob", sha]);
  return read.code === 0 ? read.stdout : undefined;
}

export function writeBlob(hub: Hub, repository: Repository, content: string | Buffer): Promise<string> {
  return hub.git.text(repository.path, ["hash-object", "-w", "--stdin"], { input: content });
}

/** `sha: null` removes the path. */
export interface TreeChange {
  path: string;
  mode: string;
  sha: string | null;
}

/** Writes a tree that is `base` with the changes, and returns its SHA. Throws when git refuses a path or an object. */
export async function writeTree(
  hub: Hub,
  repository: Repository,
  base: string | undefined,
  changes: TreeChange[],
) {
  const folder = await mkdtemp(join(hub.dataDir, "index-"));
  const env = { GIT_INDEX_FILE: join(folder, "index") };
  try {
    await hub.git.bytes(repository.path, ["read-tree", base ?? "--empty"], { env });
    for (const { path, sha } of changes.filter(({ mode, sha }) => mode === "040000" && sha)) {
      await hub.git.bytes(repository.path, ["read-tree", `--prefix=${path}/`, `${sha}`], { env });
    }
    const lines = changes.filter(({ mode, sha }) => mode !== "040000" || !sha).map(indexLine);
    const input = lines.join("");
    await updateIndex(hub, repository, { env, input });
    return await hub.git.text(repository.path, ["write-tree"], { env });
  } finally {
    await rm(folder, { recursive: true });
  }
}

// Git skips a path that it does not take, such as ../x or .git/x, with a word on stderr and exit code 0.
async function updateIndex(hub: Hub, repository: Repository, options: GitOptions): Promise<void> {
  const args = ["update-index", "--replace", "-z", "--index-info"];
  const updated = await hub.git.attempt(repository.path, args, options);
  if (updated.code !== 0 || updated.stderr) throw new Error(`git update-index: ${updated.stderr.trim()}`);
}

function indexLine({ path, mode, sha }: TreeChange): string {
  return sha ? `${mode} ${sha}\t${path}\0` : `0 ${"0".repeat(40)}\t${path}\0`;
}
