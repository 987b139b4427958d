import { mergeBase } from "../git/diff.ts";
import { readRefs } from "../git/refs.ts";
import type { Actor, Hub, Issue, Repository } from "../hub.ts";
import { accountOf, appOf } from "../lookups.ts";
import { invalid } from "../rest/problem.ts";
import { addIssue } from "./add-issue.ts";
import { keepPullRef, shareCommit } from "./change-refs.ts";
import { emitIssue } from "./issue-event.ts";

export interface NewPull {
  repository: Repository;
  actor: Actor;
  title: string;
  body: string | null;
  /** A branch, or `owner:branch` of that owner's fork. */
  head: string;
  base: string;
  draft: boolean;
}

/** Opens a pull request, or throws the 422 that GitHub would answer. */
export async function openPull(hub: Hub, wanted: NewPull): Promise<Issue> {
  const { repository, actor, title, body, draft } = wanted;
  const { head, base } = await endsOf(hub, wanted);
  const open = repository.issues.find(
    ({ state, pull }) =>
      state === "open" &&
      pull?.head.ref === head.ref &&
      pull.head.fork?.id === head.fork?.id &&
      pull.base.ref === base.ref,
  );
  const owner = (head.fork ?? repository).owner.login;
  if (open) throw refusal(`A pull request already exists for ${owner}:${head.ref}.`);
  const author = accountOf(actor);
  const issue = addIssue(hub, repository, { title, body, author, app: appOf(actor) });
  const unmerged = { mergedAt: null, mergedBy: null, mergeCommitSha: null };
  issue.pull = { id: hub.nextId(), head, base, draft, ...unmerged, reviews: [], threads: [] };
  await keepPullRef(hub, repository, issue.number, head.sha);
  await emitIssue(hub, { repository, issue, sender: author, action: "opened" });
  return issue;
}

async function endsOf(hub: Hub, { repository, head: named, base }: NewPull) {
  const refs = await readRefs(hub, repository, "refs/heads/");
  const { fork, head } = forkOf(hub, repository, named);
  const headSha = fork ? await fetchBranch(hub, { repository, fork, head }) : refs.get(`refs/heads/${head}`);
  const baseSha = refs.get(`refs/heads/${base}`);
  if (!headSha) throw invalid("PullRequest", "head", "invalid");
  if (!baseSha) throw invalid("PullRequest", "base", "invalid");
  const shared = await mergeBase(hub, repository, baseSha, headSha);
  if (!shared) throw refusal(`The ${head} branch has no history in common with ${base}`);
  if (shared === headSha) throw refusal(`No commits between ${base} and ${head}`);
  return {
    head: { ref: head, sha: headSha, ...(fork && { fork }) },
    base: { ref: base, sha: baseSha },
  };
}

function forkOf(hub: Hub, repository: Repository, named: string) {
  const mine = repository.owner.login;
  const [branch = "", login = mine] = named.split(":").reverse();
  if (login === mine) return { head: branch };
  const fork = hub.repositories.find(
    ({ owner, parent }) => parent === repository && owner.login.toLowerCase() === login.toLowerCase(),
  );
  if (!fork) throw invalid("PullRequest", "head", "invalid");
  return { head: branch, fork };
}

async function fetchBranch(
  hub: Hub,
  { repository, fork, head }: { repository: Repository; fork: Repository; head: string },
): Promise<string | undefined> {
  const sha = (await readRefs(hub, fork)).get(`refs/heads/${head}`);
  if (sha) await shareCommit(hub, repository, fork, sha);
  return sha;
}

function refusal(message: string) {
  return invalid("PullRequest", "base", "custom", message);
}
