import type { Octokit } from "../../shared/github.ts";
import { type Finding, heading } from "./finding.ts";
import { readThreads } from "./review-threads.ts";

/** What an unresolved thread of this App says already. */
export type Remark = { path: string; line: number | null; url: string };

/**
 * Gives, for a finding, the unresolved thread that this App began on the same lines, or in the same file with the same
 * heading: that one is outdated or has moved. What people began is left to who reads it.
 */
export async function openRemarks(
  octokit: Octokit,
  { owner, repo, number }: { owner: string; repo: string; number: number },
): Promise<(found: Finding) => Remark | undefined> {
  const { threads, isOwn } = await readThreads(octokit, { owner, repo, number }, { comments: 1 });
  const open = threads.flatMap(({ path, diffSide, startLine, line, isResolved, first }) => {
    const [said] = first.nodes;
    return said && !isResolved && isOwn(said) ? [{ path, diffSide, startLine, line, said }] : [];
  });
  return (found) => {
    const { path, startLine: from = found.line, line: to, side } = found;
    const title = heading(found);
    const same = open.find((thread) => {
      if (thread.path !== path) return false;
      if (title && thread.said.body.startsWith(title)) return true;
      const { line, startLine } = thread;
      return thread.diffSide === side && line !== null && from <= line && (startLine ?? line) <= to;
    });
    return same && { path, line: same.line, url: same.said.url };
  };
}
