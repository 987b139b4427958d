import { writeCommit } from "../git/commits.ts";
import { mergeTrees, rebase } from "../git/merge.ts";
import { moveRef } from "../git/refs.ts";
import { type Actor, type Hub, type Issue, now, type Repository } from "../hub.ts";
import { accountOf, findIssue } from "../lookups.ts";
import { Problem } from "../rest/problem.ts";
import { pullOf } from "../shapes/pull.ts";
import { changeRefs } from "./change-refs.ts";
import { emitIssue } from "./issue-event.ts";
import { closedByText, setState } from "./set-state.ts";
import { sign, signatureOf, webFlow } from "./signature.ts";

export interface Merge {
  repository: Repository;
  issue: Issue;
  actor: Actor;
  method: "merge" | "squash" | "rebase";
  title: string;
  message: string;
}

/** Merges the pull request into its base, closes what its text closes, and returns the new commit. */
export async function mergePull(hub: Hub, merge: Merge): Promise<string> {
  const { repository, issue, actor } = merge;
  const pull = pullOf(issue);
  const sender = accountOf(actor);
  const ref = `refs/heads/${pull.base.ref}`;
  const sha = await changeRefs(hub, repository, sender, async (refs) => {
    const base = refs.get(ref);
    const after = base && (await mergedCommit(hub, merge, base));
    if (!after) throw new Problem(405, "Pull Request is not mergeable");
    await moveRef(hub, repository, { ref, before: base, after });
    pull.base.sha = base;
    return after;
  });
  Object.assign(pull, { mergedAt: now(), mergedBy: sender, mergeCommitSha: sha });
  Object.assign(issue, { state: "closed", closedAt: now(), closedBy: sender });
  await emitIssue(hub, { repository, issue, sender, action: "closed" });
  if (pull.base.ref === repository.defaultBranch) await closeLinkedIssues(hub, merge);
  return sha;
}

async function mergedCommit(hub: Hub, merge: Merge, base: string): Promise<string | undefined> {
  const { repository, issue, actor, method } = merge;
  const head = pullOf(issue).head.sha;
  if (method === "rebase") return rebase(hub, repository, { base, head }, signatureOf(actor));
  const tree = await mergeTrees(hub, repository, base, head);
  if (!tree) return undefined;
  const commit = await writeCommit(hub, repository, {
    tree,
    parents: method === "merge" ? [base, head] : [base],
    message: [merge.title, merge.message].filter(Boolean).join("\n\n"),
    author: signatureOf(actor),
    committer: webFlow(),
  });
  return sign(repository, commit);
}

async function closeLinkedIssues(hub: Hub, { repository, issue, actor }: Merge): Promise<void> {
  for (const number of closedByText(issue.body ?? "")) {
    const linked = findIssue(repository, number);
    if (!linked || linked.pull) continue;
    await setState(hub, { repository, issue: linked, sender: accountOf(actor), state: "closed" });
  }
}
