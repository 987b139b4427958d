// Pull requests between branches of one repository, or from a fork.
import { z } from "zod";
import { mergePull } from "../actions/merge-pull.ts";
import { openPull } from "../actions/open-pull.ts";
import { setState } from "../actions/set-state.ts";
import { readCommits } from "../git/commits.ts";
import { changedFiles } from "../git/diff.ts";
import { readRefs } from "../git/refs.ts";
import type { Issue } from "../hub.ts";
import { accountOf, findIssue } from "../lookups.ts";
import { page } from "../rest/page.ts";
import { invalid, must, Problem } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { showCommit, showFile } from "../shapes/commit.ts";
import { pullOf, rangeOf, showPull, showPullInList } from "../shapes/pull.ts";
import { asText } from "./commits.ts";
import { requireAuthorOrTriage } from "./find-issue.ts";
import { editText } from "./issues.ts";

const pulls = "/repos/{owner}/{repo}/pulls";
const one = `${pulls}/{pull_number}`;

export const pullRoutes: Route[] = [
  { method: "GET", path: pulls, permission: "pull_requests:read", handler: listPulls },
  {
    method: "POST",
    path: pulls,
    permission: "pull_requests:write",
    role: "read",
    createsContent: true,
    handler: createPull,
  },
  { method: "GET", path: one, permission: "pull_requests:read", handler: getPull },
  { method: "PATCH", path: one, permission: "pull_requests:write", role: "read", handler: updatePull },
  { method: "GET", path: `${one}/files`, permission: "pull_requests:read", handler: listFiles },
  { method: "GET", path: `${one}/commits`, permission: "pull_requests:read", handler: listCommits },
  {
    method: "PUT",
    path: `${one}/merge`,
    permission: "contents:write",
    createsContent: true,
    handler: merge,
  },
];

/** The pull request that the path names by number. */
export function pullIn(request: ApiRequest): Issue {
  const issue = must(findIssue(request.repository, request.id("pull_number")));
  pullOf(issue);
  return issue;
}

function listPulls(request: ApiRequest) {
  const { hub, repository, query } = request;
  const state = query("state") ?? "open";
  const head = query("head");
  const matching = repository.issues.filter(
    ({ pull, state: own }) =>
      pull &&
      (state === "all" || own === state) &&
      (query("base") ?? pull.base.ref) === pull.base.ref &&
      (head === undefined || head === `${(pull.head.fork ?? repository).owner.login}:${pull.head.ref}`),
  );
  if (query("direction") !== "asc") matching.reverse();
  return page(request, matching, (issue) => showPullInList(hub, repository, issue));
}

const newPull = z.object({
  title: z.string().min(1),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().default(false),
});

async function createPull(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const input = request.input(newPull, "PullRequest");
  const issue = await openPull(hub, { ...input, body: input.body ?? null, repository, actor });
  const shown = await showPull(hub, repository, issue);
  return { status: 201, body: shown, headers: { location: shown.url } };
}

async function getPull(request: ApiRequest) {
  const { hub, repository } = request;
  const issue = pullIn(request);
  const { from } = await rangeOf(hub, repository, issue);
  const text = await asText(request, [from, pullOf(issue).head.sha]);
  return text ?? { body: await showPull(hub, repository, issue) };
}

const pullUpdate = z.object({
  title: z.string().min(1).optional(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  base: z.string().optional(),
});

async function updatePull(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const issue = pullIn(request);
  requireAuthorOrTriage(request, issue.author);
  const { title, body, state, base } = request.input(pullUpdate, "PullRequest");
  if (base !== undefined) await changeBase(request, issue, base);
  if (state === "open") await requireHead(request, issue);
  await editText(request, issue, { title, body });
  if (state) await setState(hub, { repository, issue, sender: accountOf(actor), state });
  return { body: await showPull(hub, repository, issue) };
}

async function changeBase({ hub, repository }: ApiRequest, issue: Issue, base: string): Promise<void> {
  const sha = (await readRefs(hub, repository)).get(`refs/heads/${base}`);
  if (!sha) throw invalid("PullRequest", "base", "invalid");
  pullOf(issue).base = { ref: base, sha };
}

async function requireHead({ hub, repository }: ApiRequest, issue: Issue): Promise<void> {
  const { head, mergedAt } = pullOf(issue);
  if (mergedAt) throw invalid("PullRequest", "state", "invalid");
  if ((await readRefs(hub, head.fork ?? repository)).has(`refs/heads/${head.ref}`)) return;
  throw invalid(
    "PullRequest",
    "state",
    "custom",
    `state cannot be changed. The ${head.ref} branch has been deleted.`,
  );
}

async function listFiles(request: ApiRequest) {
  const { hub, repository } = request;
  const issue = pullIn(request);
  const { from } = await rangeOf(hub, repository, issue);
  const head = pullOf(issue).head.sha;
  const files = await changedFiles(hub, repository, from, head);
  return page(request, files, (file) => showFile(hub, repository, head, file));
}

async function listCommits(request: ApiRequest) {
  const { hub, repository } = request;
  const issue = pullIn(request);
  const { base } = await rangeOf(hub, repository, issue);
  const commits = await readCommits(hub, repository, ["--reverse", `${base}..${pullOf(issue).head.sha}`]);
  return page(request, commits, (commit) => showCommit(hub, repository, commit));
}

const mergeInput = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(["merge", "squash", "rebase"]).default("merge"),
});

async function merge(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const issue = pullIn(request);
  const { head, draft } = pullOf(issue);
  const input = request.input(mergeInput, "PullRequest");
  const method = input.merge_method;
  if (input.sha !== undefined && input.sha !== head.sha) {
    throw new Problem(409, "Head branch was modified. Review and try the merge again.");
  }
  if (draft) throw new Problem(405, "Pull Request is still a draft");
  if (issue.state === "closed") throw new Problem(405, "Pull Request is not mergeable");
  const { owner } = head.fork ?? repository;
  const merged = `Merge pull request #${issue.number} from ${owner.login}/${head.ref}`;
  const title = input.commit_title ?? (method === "squash" ? `${issue.title} (#${issue.number})` : merged);
  const message = input.commit_message ?? (method === "merge" ? issue.title : "");
  const sha = await mergePull(hub, { repository, issue, actor, method, title, message });
  return { body: { sha, merged: true, message: "Pull Request successfully merged" } };
}
