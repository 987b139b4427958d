import type { Octokit } from "../../shared/github.ts";

export type PullFile = Awaited<ReturnType<Octokit["rest"]["pulls"]["listFiles"]>>["data"][number];

/** The first `count` files that a pull request changes, by whole pages of 100. GitHub lists 3,000 at most. */
export async function listFiles(
  octokit: Octokit,
  pull: { owner: string; repo: string; pull_number: number },
  count: number,
): Promise<PullFile[]> {
  const files: PullFile[] = [];
  for (let page = 1; page <= Math.ceil(count / 100); page += 1) {
    const { data } = await octokit.rest.pulls.listFiles({ ...pull, per_page: 100, page });
    if (data.length === 0) break;
    files.push(...data);
  }
  return files;
}
