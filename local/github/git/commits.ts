// Reads commits and makes new ones.
import type { Hub, Repository } from "../hub.ts";

export interface Signature {
  name: string;
  email: string;
  date: string;
}

export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
}

const fields = ["%H", "%T", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B"];

/** Commits as `git log` would show them, newest first; `revisions` are arguments of git log that the caller vouches for. */
export async function readCommits(hub: Hub, repository: Repository, revisions: string[]): Promise<Commit[]> {
  const output = await hub.git.bytes(repository.path, [
    "log",
    "-z",
    `--format=tformat:${fields.join("%x00")}`,
    ...revisions,
    "--",
  ]);
  const values = output.toString().split("\0");
  const commits: Commit[] = [];
  for (let at = 0; at + fields.length <= values.length; at += fields.length) {
    commits.push(commitFrom(values.slice(at, at + fields.length)));
  }
  return commits;
}

function commitFrom(values: string[]): Commit {
  const [sha = "", tree = "", parents = "", an = "", ae = "", ad = "", cn = "", ce = "", cd = "", body = ""] =
    values;
  return {
    sha,
    tree,
    parents: parents.split(" ").filter(Boolean),
    author: { name: an, email: ae, date: inUtc(ad) },
    committer: { name: cn, email: ce, date: inUtc(cd) },
    message: body.trimEnd(),
  };
}

function inUtc(date: string): string {
  return new Date(date).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Undefined when the name is no branch, tag or commit of the repository. Branches win over tags, as on GitHub. */
export async function resolveCommit(hub: Hub, repository: Repository, name: string) {
  if (!isPlainName(name)) return undefined;
  const candidates = [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`];
  if (name.startsWith("refs/") || name === "HEAD") candidates.push(name);
  if (/^[0-9a-f]{4,40}$/.test(name)) candidates.push(name);
  for (const candidate of candidates) {
    const found = await hub.git.attempt(repository.path, [
      "rev-parse",
      "--verify",
      "--quiet",
      `${candidate}^{commit}`,
    ]);
    if (found.code === 0) return found.stdout.toString().trim();
  }
  return undefined;
}

// Keeps git's revision syntax (main~1, main:file, @{…}) out of names that come from a URL.
function isPlainName(name: string): boolean {
  return name !== "" && !/[\s~^:?*[\\]|\.\.|@\{/.test(name);
}

export async function readCommit(hub: Hub, repository: Repository, sha: string): Promise<Commit> {
  const [commit] = await readCommits(hub, repository, ["--no-walk", sha]);
  if (!commit) throw new Error(`Expected commit ${sha} in ${repository.path}, got nothing.`);
  return commit;
}

export interface NewCommit {
  tree: string;
  parents: string[];
  message: string;
  author: Signature;
  committer: Signature;
}

export function writeCommit(hub: Hub, repository: Repository, commit: NewCommit): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ["-p", parent]);
  return hub.git.text(repository.path, ["commit-tree", commit.tree, ...parents, "-F", "-"], {
    input: commit.message,
    env: {
      GIT_AUTHOR_NAME: commit.author.name,
      GIT_AUTHOR_EMAIL: commit.author.email,
      GIT_AUTHOR_DATE: commit.author.date,
      GIT_COMMITTER_NAME: commit.committer.name,
      GIT_COMMITTER_EMAIL: commit.committer.email,
      GIT_COMMITTER_DATE: commit.committer.date,
    },
  });
}
