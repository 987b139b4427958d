import type { Octokit } from "../../shared/github.ts";
import type { Snapshot } from "./snapshot.ts";
import { comment, marker } from "./wording.ts";

/** The clocks of the database and of GitHub may differ by this much. */
const clockSkewMs = 10 * 60_000;

/**
 * Brings the sticky comment up to date. Gives its id, or undefined when the issue is gone and nobody is there to be told.
 * A comment that was made and not written down is found by its marker; one that somebody deleted is made again.
 */
export async function reportComment(
  octokit: Octokit,
  snapshot: Snapshot,
  appId: number,
): Promise<bigint | undefined> {
  const { repository, issue } = snapshot.trigger;
  const target = { owner: repository.owner, repo: repository.name };
  const body = comment(snapshot);
  const update = (id: bigint) =>
    unlessGone(octokit.rest.issues.updateComment({ ...target, comment_id: Number(id), body }));

  if (snapshot.commentId !== null && (await update(snapshot.commentId))) return snapshot.commentId;
  const found = await findComment(octokit, snapshot, appId, marker(snapshot.id));
  if (found !== undefined && (await update(found))) return found;
  const made = await unlessGone(
    octokit.rest.issues.createComment({ ...target, issue_number: issue.number, body }),
  );
  // The issue of another repository, where this one was moved to, answers with something else.
  return made?.status === 201 ? BigInt(made.data.id) : undefined;
}

/** Finds what begins with a marker. Only a comment of the App itself counts: what people write may hold the marker too. */
export async function findComment(
  octokit: Octokit,
  { trigger, createdAt }: Pick<Snapshot, "trigger" | "createdAt">,
  appId: number,
  marker: string,
): Promise<bigint | undefined> {
  const { repository, issue } = trigger;
  const comments = await unlessGone(
    octokit.paginate(octokit.rest.issues.listComments, {
      owner: repository.owner,
      repo: repository.name,
      issue_number: issue.number,
      since: new Date(createdAt.getTime() - clockSkewMs).toISOString(),
      per_page: 100,
    }),
  );
  const found = comments?.find(
    ({ user, performed_via_github_app: app, body }) =>
      user?.type === "Bot" && app?.id === appId && body?.startsWith(marker),
  );
  return found && BigInt(found.id);
}

/** What an answer holds, or undefined when GitHub says that the thing does not exist (any more). */
async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: { status?: number }) => {
    if (error.status === 404 || error.status === 410) return undefined;
    throw error;
  });
}
