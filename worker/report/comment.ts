import type { Octokit } from "../../shared/github.ts";
import type { Snapshot } from "./snapshot.ts";
import { comment, marker } from "./wording.ts";

/** Brings the sticky comment up to date. Gives its id. A comment that was made and not written down is found by its marker. */
export async function reportComment(octokit: Octokit, snapshot: Snapshot): Promise<bigint> {
  const { repository, issue } = snapshot.trigger;
  const target = { owner: repository.owner, repo: repository.name };
  const body = comment(snapshot);
  const known = snapshot.commentId ?? (await findComment(octokit, snapshot));
  if (known !== undefined) {
    await octokit.rest.issues.updateComment({ ...target, comment_id: Number(known), body });
    return known;
  }
  const { data } = await octokit.rest.issues.createComment({ ...target, issue_number: issue.number, body });
  return BigInt(data.id);
}

async function findComment(
  octokit: Octokit,
  { id, trigger, startedAt }: Snapshot,
): Promise<bigint | undefined> {
  const { repository, issue } = trigger;
  const comments = await octokit.paginate(octokit.rest.issues.listComments, {
    owner: repository.owner,
    repo: repository.name,
    issue_number: issue.number,
    since: (startedAt ?? new Date(0)).toISOString(),
    per_page: 100,
  });
  const found = comments.find((candidate) => candidate.body?.includes(marker(id)));
  return found && BigInt(found.id);
}
