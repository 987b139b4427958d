import { execFile } from "node:child_process";
import { realpath, stat } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export type SourceRepository = {
  path: string;
  /** What the repository is called on the local GitHub. */
  name: string;
  /** What a person should know before it is imported. */
  notes: string[];
};

/** Looks at a repository without writing to it. Throws one clear sentence when it can't be imported. */
export async function inspectRepository(given: string): Promise<SourceRepository> {
  const path = await realpath(given).catch(() => undefined);
  if (!path || !(await stat(path)).isDirectory()) {
    throw new Error(`There is no folder at ${given}. Name a local git repository.`);
  }
  const gitDirectory = await git(path, ["rev-parse", "--absolute-git-dir"]).catch((error: GitError) => {
    throw new Error(explain(given, error));
  });
  const top = await git(path, ["rev-parse", "--show-toplevel"]).catch(() => gitDirectory);
  if ((await realpath(top)) !== path) {
    throw new Error(`${given} is inside the git repository ${top}. Name that folder.`);
  }
  const head = await git(path, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).catch(() => "");
  if (!head)
    throw new Error(
      `The repository at ${given} has no commits on its current branch. Commit something first.`,
    );
  return { path, name: nameOf(path), notes: await notesOn(path) };
}

async function notesOn(path: string): Promise<string[]> {
  const changed = await git(path, ["status", "--porcelain"]).catch(() => "");
  const branch = await git(path, ["symbolic-ref", "--quiet", "HEAD"]).catch(() => "");
  return [
    ...(changed ? [`${path} has uncommitted changes. They are not part of the import.`] : []),
    ...(branch ? [] : [`${path} is on no branch. Its current commit becomes the branch main of the import.`]),
  ];
}

type GitError = Error & { code?: string | number; stderr?: string };

/** Reads only: git does not even refresh its index, and starts no monitor. */
async function git(path: string, args: string[]): Promise<string> {
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" };
  for (const key of ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"]) delete (env as NodeJS.ProcessEnv)[key];
  const { stdout } = await run("git", ["-C", path, "-c", "core.fsmonitor=false", ...args], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trim();
}

function explain(given: string, { code, stderr = "" }: GitError): string {
  if (code === "ENOENT") return "The program git is not installed. On Debian: apt-get install git";
  if (stderr.includes("not a git repository")) {
    return `${given} is not a git repository. Make it one (git init, git add, git commit), or name another folder.`;
  }
  return `The repository at ${given} can't be read: ${stderr.trim().split("\n")[0]}`;
}

/** GitHub's names have letters, digits, dots, hyphens and underscores. */
function nameOf(path: string): string {
  const name = basename(path)
    .replace(/\.git$/, "")
    .normalize("NFKD")
    .replaceAll(/[^\w.-]+/g, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "");
  return name.slice(0, 100) || "repository";
}
