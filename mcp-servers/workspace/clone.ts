// Brings one commit of a repository, and some history, into an empty workspace.
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, ToolFailure } from "../../shared/errors.ts";
import { type GitOptions, git } from "./git.ts";
import type { Place } from "./workspace.ts";

/** Enough for `git log` and `git blame` to be of use, and quick on a large repository. */
const depth = 50;

export type CloneSource = { url: string; ref?: string; token: string; signal: AbortSignal };

export type Cloned = { base: string; branch: string };

export async function clone(place: Place, source: CloneSource): Promise<Cloned> {
  const at = { gitDirectory: place.gitDirectory, workTree: place.checkout };
  const options = { signal: source.signal, env: authorization(source) };
  await git({ gitDirectory: place.gitDirectory }, ["init", "--quiet", "--template="]);
  // Made without a work tree, which would be written down: there are two that use this directory.
  await git({ gitDirectory: place.gitDirectory }, ["config", "core.bare", "false"]);
  await mkdir(join(place.gitDirectory, "info"), { recursive: true });
  await appendFile(join(place.gitDirectory, "info/exclude"), `${neverPartOfAChange.join("\n")}\n`);
  try {
    const { branch, remoteRef } = source.ref
      ? named(source.ref)
      : await defaultBranch(at, source.url, options);
    if (!/^[0-9a-f]{40}$/.test(remoteRef)) await git(at, ["check-ref-format", remoteRef]);
    const fetch = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", `--depth=${depth}`];
    await git(at, [...fetch, "--", source.url, remoteRef], options);
    const base = (await git(at, ["rev-parse", "--verify", "FETCH_HEAD^{commit}"])).trim();
    await git(at, ["update-ref", "--no-deref", "HEAD", base]);
    await git(at, ["read-tree", "-u", "--reset", "HEAD"]);
    // The file says where git is, here as in the sandbox, where that directory is read-only.
    await writeFile(join(place.checkout, ".git"), "gitdir: ../git\n", { flag: "wx" });
    return { base, branch };
  } catch (error) {
    throw explained(error, source);
  }
}

/** What setup and tests make in many repositories that forgot to ignore it. */
const neverPartOfAChange = ["node_modules/", ".venv/", "__pycache__/", "*.pyc", ".pytest_cache/"];

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

async function defaultBranch(at: Parameters<typeof git>[0], url: string, options: GitOptions) {
  const answer = await git(at, ["ls-remote", "--symref", "--", url, "HEAD"], options);
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
  if (/not found|Authentication failed|requested URL returned error: 40[134]/.test(message)) {
    return new ToolFailure(`The repository could not be cloned: the token does not open it. ${message}`);
  }
  return new Error(`The repository could not be cloned. ${message}`);
}
