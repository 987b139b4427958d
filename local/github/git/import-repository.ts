// Fills a new bare repository, from nothing or from a local repository that is only read.
import { mkdir, realpath, rm, stat } from "node:fs/promises";
import type { Git } from "./git.ts";

/** Why a path cannot be imported, in words for the person who named it. */
export class ImportProblem extends Error {}

/** Creates the bare repository at `path` and returns its default branch. */
export async function createBareRepository(
  git: Git,
  path: string,
  source: string | undefined,
): Promise<string> {
  const origin = source === undefined ? undefined : await inspect(git, source);
  const branch = origin?.branch ?? "main";
  await mkdir(path, { recursive: true });
  await git.bytes(path, ["init", "--quiet", "--bare", `--initial-branch=${branch}`, "."]);
  if (!origin) return branch;

  try {
    await fetchAll(git, path, origin);
  } catch (error) {
    await rm(path, { recursive: true });
    throw new ImportProblem(`Could not read the repository at ${source}: ${String(error)}`);
  }
  return branch;
}

interface Origin {
  folder: string;
  branch: string;
  detachedAt: string | undefined;
}

async function inspect(git: Git, source: string): Promise<Origin> {
  const folder = await realpath(source).catch(() => undefined);
  if (!folder || !(await stat(folder)).isDirectory()) {
    throw new ImportProblem(`There is no folder at ${source}. Name a local git repository.`);
  }
  await refuseUnlessTopOfRepository(git, folder);
  const head = await git.attempt(folder, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
  if (head.code !== 0) {
    throw new ImportProblem(`The repository at ${source} has no commits. Commit something first.`);
  }
  const branch = await git.attempt(folder, ["symbolic-ref", "--quiet", "HEAD"]);
  if (branch.code !== 0) return { folder, branch: "main", detachedAt: head.stdout.toString().trim() };
  const name = branch.stdout.toString().trim().replace("refs/heads/", "");
  return { folder, branch: name, detachedAt: undefined };
}

// A folder inside somebody else's repository would import that one: more than was asked for.
async function refuseUnlessTopOfRepository(git: Git, folder: string): Promise<void> {
  const found = await git.attempt(folder, ["rev-parse", "--absolute-git-dir"]);
  if (found.code !== 0) throw new ImportProblem(`${folder} is not a git repository: ${found.stderr.trim()}`);
  const top = await git.attempt(folder, ["rev-parse", "--show-toplevel"]);
  const root = (top.code === 0 ? top.stdout : found.stdout).toString().trim();
  if ((await realpath(root)) === folder) return;
  throw new ImportProblem(`${folder} is inside the git repository ${root}. Name that folder.`);
}

// A fetch starts `git upload-pack` in the source, which reads only and runs no hooks.
async function fetchAll(git: Git, path: string, origin: Origin): Promise<void> {
  const fetch = ["fetch", "--quiet", "--no-write-fetch-head", "--update-shallow", "--no-auto-maintenance"];
  const everything = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
  await git.bytes(path, [...fetch, "--update-head-ok", origin.folder, ...everything]);
  if (!origin.detachedAt) return;
  await git.bytes(path, [...fetch, "--update-head-ok", origin.folder, "+HEAD:refs/heads/main"]);
}
