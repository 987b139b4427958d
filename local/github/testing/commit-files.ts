import type { Octokit } from "octokit";

/** Pushes files to a branch, the default one of these tests unless another is named. Gives the commit. */
export async function commitFiles(
  octokit: Octokit,
  at: { owner: string; repo: string; branch?: string },
  files: Record<string, string | null>,
): Promise<string> {
  const { owner, repo, branch = "main" } = at;
  const git = octokit.rest.git;
  const target = { owner, repo };
  const parent = (await git.getRef({ ...target, ref: `heads/${branch}` })).data.object.sha;
  const entries = Object.entries(files).map(([path, content]) => {
    const entry = { path, mode: "100644", type: "blob" } as const;
    return content === null ? { ...entry, sha: null } : { ...entry, content };
  });
  const { data: tree } = await git.createTree({ ...target, base_tree: parent, tree: entries });
  const { data: made } = await git.createCommit({
    ...target,
    message: "Change files",
    tree: tree.sha,
    parents: [parent],
  });
  await git.updateRef({ ...target, ref: `heads/${branch}`, sha: made.sha });
  return made.sha;
}
