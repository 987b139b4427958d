// Moves refs and lets the rest of GitHub follow: push events, and pull requests whose head moved or vanished.

import { emit } from "../events/emit.ts";
import type { Commit } from "../git/commits.ts";
import { readCommits } from "../git/commits.ts";
import { changedFiles } from "../git/diff.ts";
import { type RefChange, type Refs, withRefs, zeroSha } from "../git/refs.ts";
import { type Account, type Hub, now, type Repository } from "../hub.ts";
import { emailOf } from "../lookups.ts";
import { accountOfSignature, showAccount } from "../shapes/account.ts";
import { repositoryPage } from "../shapes/repository.ts";
import { emitIssue } from "./issue-event.ts";
import { setState } from "./set-state.ts";

/** Runs `change`, which moves refs as the sender, while nobody else does, and tells everybody concerned. */
export async function changeRefs<T>(
  hub: Hub,
  repository: Repository,
  sender: Account,
  change: (before: Refs) => Promise<T>,
): Promise<T> {
  const { result, changes, before } = await withRefs(hub, repository, change);
  for (const moved of changes) {
    repository.pushedAt = now();
    repository.updatedAt = now();
    await emitPush(hub, { repository, sender, before }, moved);
    await followInPulls(hub, repository, sender, moved);
  }
  return result;
}

/** A branch may be the head of pull requests in its own repository, and of others in the one that it is a fork of. */
async function followInPulls(
  hub: Hub,
  from: Repository,
  sender: Account,
  { ref, before, after }: RefChange,
): Promise<void> {
  for (const repository of [from, ...(from.parent ? [from.parent] : [])]) {
    const open = repository.issues.filter(
      ({ state, pull }) =>
        state === "open" &&
        (pull?.head.fork ?? (pull && repository)) === from &&
        `refs/heads/${pull?.head.ref}` === ref,
    );
    for (const issue of open) {
      if (after === zeroSha) await setState(hub, { repository, issue, sender, state: "closed" });
      if (after === zeroSha || !issue.pull) continue;
      if (repository !== from) await shareCommit(hub, repository, from, after);
      issue.pull.head.sha = after;
      await keepPullRef(hub, repository, issue.number, after);
      const extra = { before, after };
      await emitIssue(hub, { repository, issue, sender, action: "synchronize", extra });
    }
  }
}

/** A fork shares its objects with the repository that it comes from. */
export async function shareCommit(
  hub: Hub,
  repository: Repository,
  fork: Repository,
  sha: string,
): Promise<void> {
  await hub.git.bytes(repository.path, ["fetch", "--quiet", "--no-write-fetch-head", fork.path, sha]);
}

/** GitHub keeps every pull request's head fetchable, also when its branch is gone. */
export async function keepPullRef(
  hub: Hub,
  repository: Repository,
  number: number,
  sha: string,
): Promise<void> {
  await hub.git.text(repository.path, ["update-ref", `refs/pull/${number}/head`, sha]);
}

interface Push {
  repository: Repository;
  sender: Account;
  before: Refs;
}

const mostCommits = 20;

async function emitPush(
  hub: Hub,
  { repository, sender, before: known }: Push,
  moved: RefChange,
): Promise<void> {
  const { ref, before, after } = moved;
  const created = before === zeroSha;
  const deleted = after === zeroSha;
  const excluded = [...new Set(known.values())].map((sha) => `^${sha}`);
  const range = deleted ? [] : [`--max-count=${mostCommits}`, after, ...excluded];
  const commits = range.length > 0 ? await readCommits(hub, repository, range) : [];
  const shown = await Promise.all(commits.reverse().map((commit) => showPushed(hub, repository, commit)));
  const [head] = deleted ? [] : await readCommits(hub, repository, ["--max-count=1", after]);
  const payload = {
    ref,
    before,
    after,
    created,
    deleted,
    forced: !created && !deleted && !(await isAncestor(hub, repository, before, after)),
    base_ref: null,
    compare: `${repositoryPage(hub, repository)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: shown,
    head_commit: head ? await showPushed(hub, repository, head) : null,
    pusher: { name: sender.login, email: emailOf(sender) },
  };
  emit(hub, { event: "push", repository, sender, payload });
}

async function isAncestor(hub: Hub, repository: Repository, one: string, other: string): Promise<boolean> {
  return (await hub.git.attempt(repository.path, ["merge-base", "--is-ancestor", one, other])).code === 0;
}

async function showPushed(hub: Hub, repository: Repository, commit: Commit) {
  const files = await changedFiles(hub, repository, commit.parents[0], commit.sha);
  const named = (status: string[]) =>
    files.filter((file) => status.includes(file.status)).map((f) => f.filename);
  const signature = ({ name, email, date }: Commit["author"]) => {
    const account = accountOfSignature(hub, { name, email, date });
    return { name, email, date, ...(account ? { username: showAccount(hub, account).login } : {}) };
  };
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.author.date,
    url: `${repositoryPage(hub, repository)}/commit/${commit.sha}`,
    author: signature(commit.author),
    committer: signature(commit.committer),
    added: named(["added", "renamed"]),
    removed: named(["removed"]),
    modified: named(["modified", "changed"]),
  };
}
