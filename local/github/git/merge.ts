// Merges without a work tree, on git 2.39 and newer.
import type { Hub, Repository } from "../hub.ts";
import { readCommits, type Signature, writeCommit } from "./commits.ts";
import { mergeBase } from "./diff.ts";

/** The merged tree's SHA, or undefined when the two conflict. */
export async function mergeTrees(hub: Hub, repository: Repository, base: string, head: string) {
  const merged = await hub.git.attempt(repository.path, ["merge-tree", "--write-tree", base, head]);
  return merged.code === 0 ? merged.stdout.toString().split("\n")[0] : undefined;
}

/** Replays the commits of `head` on `base`; the new tip, or undefined when one of them conflicts. */
export async function rebase(
  hub: Hub,
  repository: Repository,
  refs: { base: string; head: string },
  by: Signature,
) {
  const from = await mergeBase(hub, repository, refs.base, refs.head);
  const range = from ? `${from}..${refs.head}` : refs.head;
  const commits = await readCommits(hub, repository, ["--reverse", "--topo-order", "--no-merges", range]);
  let tip = refs.base;
  for (const commit of commits) {
    const tree = await pickTree(hub, repository, tip, commit.sha, by);
    if (!tree) return undefined;
    tip = await writeCommit(hub, repository, { ...commit, tree, parents: [tip], committer: by });
  }
  return tip;
}

// `merge-tree --merge-base` came with git 2.40. A throw-away commit with the tip's tree and the picked commit's parent has that base by itself.
async function pickTree(hub: Hub, repository: Repository, tip: string, picked: string, by: Signature) {
  const parents = await hub.git.text(repository.path, ["rev-list", "--no-walk", "--parents", picked]);
  const [, parent] = parents.split(" ");
  const tree = await hub.git.text(repository.path, ["rev-parse", `${tip}^{tree}`]);
  const standIn = { tree, parents: parent ? [parent] : [], message: "base", author: by, committer: by };
  return mergeTrees(hub, repository, await writeCommit(hub, repository, standIn), picked);
}
