// Brings one commit of a repository, and some history, into its mirror, and from there into a workspace.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, ToolFailure } from "../../shared/errors.ts";
import { type GitOptions, git } from "./git.ts";
import { type Mirror, offline } from "./mirror.ts";

/** Enough for `git log` and `git blame` to be of use, and quick on a large repository. */
const depth = 50;
/** Two branches that are to be merged need what they have in common, and that may be far back. */
const depthToMerge = 1_000;

export type CloneSource = {
  url: string;
  ref?: string;
  /** What is to be merged into it. */
  merge?: string;
  token: string;
  signal: AbortSignal;
};

/** `merge` is the commit to be merged. */
export type Cloned = { base: string; branch: string; merge?: string };

/** Fetches what a workspace begins from and, where there is one, what is merged into it. */
export async function fetchCommits(mirror: Mirror, source: CloneSource): Promise<Cloned> {
  const cloned = await fetchCommit(mirror, source);
  if (source.merge === undefined) return cloned;
  const { base: merge } = await fetchCommit(mirror, { ...source, ref: source.merge });
  return { ...cloned, merge };
}

/**
 * Fetches the commit and everything that its history needs. The repository is asked each time, also for a commit that is
 * there already: whether this token may read it, only GitHub knows.
 */
async function fetchCommit(mirror: Mirror, source: CloneSource): Promise<Cloned> {
  const options = { signal: source.signal, env: authorization(source) };
  try {
    const { branch, remoteRef } = source.ref ? named(source.ref) : await defaultBranch(mirror, options);
    if (!/^[0-9a-f]{40}$/.test(remoteRef)) await git(mirror, ["check-ref-format", remoteRef]);
    const args = [
      "--no-tags",
      "--no-recurse-submodules",
      "--filter=blob:none",
      `--depth=${source.merge ? depthToMerge : depth}`,
    ];
    await git(mirror, [...fetch, ...args, "--", "origin", remoteRef], options);
    const base = (await git(mirror, ["rev-parse", "--verify", "FETCH_HEAD^{commit}"])).trim();
    // By its refs git tells the server what it has.
    await git(mirror, ["update-ref", `refs/kept/${base}`, base]);
    await fetchContents(mirror, base, options);
    return { base, branch };
  } catch (error) {
    throw explained(error, source);
  }
}

/** Gives a workspace's git directory what these commits reach, and nothing else that the mirror holds. */
export async function copyCommits(mirror: Mirror, commits: string[], gitDirectory: string): Promise<void> {
  const pack = join(gitDirectory, "objects/pack/pack");
  const options = { env: offline, input: commits.map((commit) => `${commit}\n`).join("") };
  await git(mirror, ["pack-objects", "--revs", "--quiet", pack], options);
  const reached = new Set((await git(mirror, ["rev-list", ...commits], { env: offline })).split("\n"));
  const shallow = (await readShallow(mirror)).filter((commit) => reached.has(commit));
  if (shallow.length > 0) await writeFile(join(gitDirectory, "shallow"), `${shallow.join("\n")}\n`);
}

/** The commits whose parents were not fetched. */
async function readShallow({ gitDirectory }: Mirror): Promise<string[]> {
  const text = await readFile(join(gitDirectory, "shallow"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").filter(Boolean);
}

const fetch = ["-c", "fetch.unpackLimit=1", "fetch", "--quiet"];

/** Now, while there is a token: nothing can be fetched later. */
async function fetchContents(mirror: Mirror, base: string, options: GitOptions): Promise<void> {
  const objects = await git(mirror, ["rev-list", "--objects", "--missing=print", base], { env: offline });
  const missing = objects.match(/(?<=^\?)[0-9a-f]+$/gm) ?? [];
  if (missing.length === 0) return;
  const args = [
    "--no-tags",
    "--no-recurse-submodules",
    "--no-write-fetch-head",
    "--filter=blob:none",
    "--stdin",
  ];
  const input = missing.map((blob) => `${blob}\n`).join("");
  await git(mirror, ["-c", "fetch.negotiationAlgorithm=noop", ...fetch, ...args, "origin"], {
    ...options,
    input,
  });
}

/** The token goes through the environment: a command line can be read by every process, a file may stay behind. */
function authorization({ url, token }: CloneSource): GitOptions["env"] {
  const credentials = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}`,
  };
}

function named(ref: string): { branch: string; remoteRef: string } {
  if (/^[0-9a-f]{40}$/.test(ref)) return { branch: ref, remoteRef: ref };
  if (ref.startsWith("refs/")) return { branch: ref.replace(/^refs\/heads\//, ""), remoteRef: ref };
  return { branch: ref, remoteRef: `refs/heads/${ref}` };
}

async function defaultBranch(mirror: Mirror, options: GitOptions) {
  const answer = await git(mirror, ["ls-remote", "--symref", "--", "origin", "HEAD"], options);
  const remoteRef = answer.match(/^ref: (refs\/heads\/\S+)\tHEAD$/m)?.[1];
  if (!remoteRef)
    throw new ToolFailure("The repository has no commits yet. Push a first commit, then try again.");
  return { branch: remoteRef.replace("refs/heads/", ""), remoteRef };
}

function explained(error: unknown, { ref, token }: CloneSource): unknown {
  if (error instanceof ToolFailure) return error;
  const message = messageOf(error).replaceAll(token, "***");
  if (/couldn't find remote ref|not our ref|check-ref-format/.test(message)) {
    return new ToolFailure(
      `There is no ref ${JSON.stringify(ref)} in the repository. Give a branch's name or a commit's full SHA, or leave ref out for the default branch.`,
    );
  }
  if (
    /not found|could not read Username|Authentication failed|requested URL returned error: 40[134]/.test(
      message,
    )
  ) {
    return new ToolFailure(`The repository could not be cloned: the token does not open it. ${message}`);
  }
  return new Error(`The repository could not be cloned. ${message}`);
}
