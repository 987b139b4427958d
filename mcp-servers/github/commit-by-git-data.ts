import { isUtf8 } from "node:buffer";
import type { Octokit } from "../../shared/github.ts";
import type { Change, ChangedFile } from "./changed-file.ts";
import type { FoundCommit } from "./find-commit.ts";

/**
 * Makes the commit by the Git Data API, which can set file modes, make symbolic links and give a second parent: blobs, tree, commit, and
 * then the branch. `checkTree` sees the tree before the commit is made. Without an author GitHub signs the commit.
 */
export async function commitByGitData(
  octokit: Octokit,
  change: Change,
  checkTree: (tree: string) => void,
): Promise<FoundCommit> {
  const { owner, repo, branch, expectedHead, mergeOf, message } = change;
  const entries = [];
  for (const file of change.files) entries.push(await entryOf(octokit, { owner, repo }, file));
  const { data: parent } = await octokit.rest.git.getCommit({ owner, repo, commit_sha: expectedHead });
  const tree = entries.length
    ? (await octokit.rest.git.createTree({ owner, repo, base_tree: parent.tree.sha, tree: entries })).data
    : parent.tree;
  checkTree(tree.sha);
  const { data: commit } = await octokit.rest.git.createCommit({
    owner,
    repo,
    message,
    tree: tree.sha,
    parents: mergeOf ? [expectedHead, mergeOf] : [expectedHead],
  });
  await octokit.rest.git.updateRef({ owner, repo, ref: `heads/${branch}`, sha: commit.sha, force: false });
  return { sha: commit.sha, tree: tree.sha, url: commit.html_url };
}

async function entryOf(octokit: Octokit, target: { owner: string; repo: string }, file: ChangedFile) {
  const { path } = file;
  if ("deleted" in file) return { path, mode: "100644" as const, type: "blob" as const, sha: null };
  const entry = { path, mode: file.mode, type: "blob" as const };
  const bytes = Buffer.from(file.content, "base64");
  // Text goes with the tree. Each blob is a write of its own, and writes are spaced by a second.
  if (isUtf8(bytes)) return { ...entry, content: bytes.toString("utf8") };
  const { data: blob } = await octokit.rest.git.createBlob({
    ...target,
    content: file.content,
    encoding: "base64",
  });
  return { ...entry, sha: blob.sha };
}
