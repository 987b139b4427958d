// History: one commit, or the way from one to another.
import { readCommit, readCommits, resolveCommit } from "../git/commits.ts";
import { changedFiles, diffText, distance, mergeBase } from "../git/diff.ts";
import { page } from "../rest/page.ts";
import { notFound, Problem } from "../rest/problem.ts";
import type { Answer, ApiRequest, Route } from "../rest/route.ts";
import { showCommit, showCommitWithFiles, showFile } from "../shapes/commit.ts";
import { repositoryApi, repositoryPage } from "../shapes/repository.ts";

export const commitRoutes: Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits",
    permission: "contents:read",
    handler: listCommits,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{ref}",
    permission: "contents:read",
    handler: getCommit,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/compare/{basehead}",
    permission: "contents:read",
    handler: compare,
  },
];

async function listCommits(request: ApiRequest) {
  const { hub, repository, query } = request;
  const from = query("sha") ?? repository.defaultBranch;
  const sha = await resolveCommit(hub, repository, from);
  if (!sha) throw new Problem(404, "Not Found");
  const commits = await readCommits(hub, repository, [sha]);
  return page(request, commits, (commit) => showCommit(hub, repository, commit));
}

async function getCommit(request: ApiRequest) {
  const { hub, repository } = request;
  const ref = request.param("ref");
  const sha = await resolveCommit(hub, repository, ref);
  if (!sha) throw new Problem(422, `No commit found for SHA: ${ref}`);
  const commit = await readCommit(hub, repository, sha);
  return (
    (await asText(request, [commit.parents[0] ?? sha, sha])) ?? {
      body: await showCommitWithFiles(hub, repository, commit),
    }
  );
}

/** The change as text, when the client asked for a diff or a patch. */
export async function asText(request: ApiRequest, range: [string, string]): Promise<Answer | undefined> {
  for (const format of ["diff", "patch"] as const) {
    if (!request.accepts(format)) continue;
    const raw = await diffText(request.hub, request.repository, range, format);
    return { raw, headers: { "content-type": `application/vnd.github.v3.${format}; charset=utf-8` } };
  }
  return undefined;
}

async function compare(request: ApiRequest) {
  const { hub, repository } = request;
  const [base, head] = await endsOf(request);
  const from = await mergeBase(hub, repository, base, head);
  if (!from) throw new Problem(404, "No common ancestor between the two commits.");
  const text = await asText(request, [from, head]);
  if (text) return text;

  const commits = (await readCommits(hub, repository, [`${base}..${head}`])).reverse();
  const files = await changedFiles(hub, repository, from, head);
  const { ahead, behind } = await distance(hub, repository, base, head);
  const page = `${repositoryPage(hub, repository)}/compare/${base}...${head}`;
  const show = async (sha: string) => showCommit(hub, repository, await readCommit(hub, repository, sha));
  return {
    body: {
      url: `${repositoryApi(hub, repository)}/compare/${base}...${head}`,
      html_url: page,
      permalink_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      base_commit: await show(base),
      merge_base_commit: await show(from),
      status: statusOf(ahead, behind),
      ahead_by: ahead,
      behind_by: behind,
      total_commits: commits.length,
      commits: commits.map((commit) => showCommit(hub, repository, commit)),
      files: files.map((file) => showFile(hub, repository, head, file)),
    },
  };
}

async function endsOf({ hub, repository, param }: ApiRequest): Promise<[string, string]> {
  const ends = param("basehead").split("...");
  // `owner:branch` names a fork; here it can only be the repository itself.
  const names = ends.map((end) => end.replace(`${repository.owner.login}:`, ""));
  const [base, head] = await Promise.all(names.map((name) => resolveCommit(hub, repository, name)));
  if (ends.length !== 2 || !base || !head) throw notFound();
  return [base, head];
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return "diverged";
  if (ahead > 0) return "ahead";
  return behind > 0 ? "behind" : "identical";
}
