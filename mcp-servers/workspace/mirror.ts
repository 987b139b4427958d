// A bare repository that is kept from one execution to the next, so that of each commit only what is new has to come
// over the network. It holds no token, and no command ever sees it.
import { createHash } from "node:crypto";
import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type GitOptions, git } from "./git.ts";
import { removeDirectory } from "./remove-directory.ts";

export type Mirror = { gitDirectory: string };

export type MirrorSettings = {
  /** Holds one directory for each repository. */
  directory: string;
  /** Of all mirrors together; those that were used last stay. */
  maxBytes: number;
  /** An older mirror is made anew, an unused one removed. */
  maxAgeMs: number;
};

/** For work that has to find everything in the mirror: whatever is missing is an error, and is not asked for. */
export const offline: GitOptions["env"] = { GIT_ALLOW_PROTOCOL: "none" };

const manyPacks = 50;

export function mirrorOf({ directory }: MirrorSettings, url: string): Mirror {
  // GitHub takes a name in any case for the same repository.
  const key = createHash("sha256").update(url.toLowerCase()).digest("hex").slice(0, 32);
  return { gitDirectory: join(directory, key) };
}

/** Makes the mirror where there is none, and anew where it is too old. */
export async function prepareMirror(
  mirror: Mirror,
  url: string,
  { maxAgeMs }: MirrorSettings,
): Promise<void> {
  const madeAt = await changedAt(join(mirror.gitDirectory, "HEAD"));
  if (madeAt > Date.now() - maxAgeMs) return gatherPacks(mirror);
  await removeDirectory(mirror.gitDirectory);
  await mkdir(mirror.gitDirectory, { recursive: true, mode: 0o700 });
  await git(mirror, ["init", "--quiet", "--bare", "--template="]);
  // Contents are fetched for the commits that are checked out, and not for all that a branch ever had.
  const settings = {
    "core.repositoryFormatVersion": "1",
    "extensions.partialClone": "origin",
    "remote.origin.url": url,
    "remote.origin.promisor": "true",
    "remote.origin.partialCloneFilter": "blob:none",
  };
  for (const [name, value] of Object.entries(settings)) await git(mirror, ["config", name, value]);
}

/** Removes mirrors that nobody used for long, and the longest unused ones until the others fit. */
export async function removeOldMirrors(
  { directory, maxBytes, maxAgeMs }: MirrorSettings,
  inTurn: (mirror: Mirror, work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const mirrors = await Promise.all(
    (await entries(directory)).map((name) => describe(join(directory, name))),
  );
  let total = 0;
  for (const { mirror, usedAt, bytes } of mirrors.sort((a, b) => b.usedAt - a.usedAt)) {
    total += bytes;
    if (total <= maxBytes && usedAt > Date.now() - maxAgeMs) continue;
    await inTurn(mirror, () => removeDirectory(mirror.gitDirectory));
  }
}

/** Each fetch leaves two more packs, and git looks through all of them. */
async function gatherPacks(mirror: Mirror): Promise<void> {
  const packs = (await entries(join(mirror.gitDirectory, "objects/pack"))).filter((name) =>
    name.endsWith(".pack"),
  );
  if (packs.length > manyPacks) await git(mirror, ["repack", "-a", "-d", "-q"], { env: offline });
}

async function describe(gitDirectory: string) {
  const packs = join(gitDirectory, "objects/pack");
  const sizes = (await entries(packs)).map((name) => stat(join(packs, name)).catch(() => ({ size: 0 })));
  const bytes = (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
  // Every fetch writes this file.
  const usedAt = Math.max(
    ...(await Promise.all(["FETCH_HEAD", "HEAD"].map((name) => changedAt(join(gitDirectory, name))))),
  );
  return { mirror: { gitDirectory }, usedAt, bytes };
}

/** 0 when it is not there. */
async function changedAt(path: string): Promise<number> {
  const found = await stat(path).catch(ifMissing(undefined));
  return found?.mtimeMs ?? 0;
}

async function entries(directory: string): Promise<string[]> {
  return readdir(directory).catch(ifMissing<string[]>([]));
}

function ifMissing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return instead;
    throw error;
  };
}
