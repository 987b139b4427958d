import type { Octokit } from "../../shared/github.ts";

/** The line in a commit's message by which the commit of an execution is found again. */
export function trailer(execution: string): string {
  return `AFU-9-Execution: ${execution}`;
}

export type FoundCommit = { sha: string; tree: string; url: string };

/** The commit at `sha`, when this execution made it on top of `parent`. */
export async function findCommit(
  octokit: Octokit,
  {
    owner,
    repo,
    sha,
    execution,
    parent,
  }: { owner: string; repo: string; sha: string; execution: string; parent: string },
): Promise<FoundCommit | undefined> {
  const { data } = await octokit.rest.git.getCommit({ owner, repo, commit_sha: sha });
  const isOurs =
    data.message.split("\n").includes(trailer(execution)) && data.parents.some((one) => one.sha === parent);
  return isOurs ? { sha: data.sha, tree: data.tree.sha, url: data.html_url } : undefined;
}
