import type { Octokit } from "../../shared/github.ts";
import type { Around } from "./around.ts";
import { contentKey } from "./content-key.ts";
import type { Snapshot } from "./snapshot.ts";
import { comment, marker } from "./wording.ts";

/** The clocks of the database and of GitHub may differ by this much. */
const clockSkewMs = 10 * 60_000;

/** What the execution's row says of its comment. */
export type ShownComment = Pick<Snapshot, "commentId" | "commentKey">;

/**
 * Brings the sticky comment up to date, or leaves it when GitHub shows just that already. Its id is null when the issue is
 * gone and nobody is there to be told. A comment that was made and not written down is found by its marker; one that
 * somebody deleted is made again.
 */
export async function reportComment(
  octokit: Octokit,
  snapshot: Snapshot,
  { appId, intend, ...places }: Around,
): Promise<ShownComment> {
  const { repository, issue } = snapshot.trigger;
  const target = { owner: repository.owner, repo: repository.name };
  const render = (seen: Snapshot) => comment(seen, places);
  const commentKey = contentKey(snapshot, render);
  if (snapshot.commentId !== null && snapshot.commentKey === commentKey)
    return { commentId: snapshot.commentId, commentKey };

  const body = render(snapshot);
  const update = (id: bigint) =>
    unlessGone(octokit.rest.issues.updateComment({ ...target, comment_id: Number(id), body }));
  const known = snapshot.commentId;
  if (known !== null && (await update(known))) return { commentId: known, commentKey };
  const found = snapshot.isReporting
    ? await findComment(octokit, snapshot, appId, marker(snapshot.id))
    : undefined;
  if (found !== undefined && (await update(found))) return { commentId: found, commentKey };
  await intend();
  const made = await unlessGone(
    octokit.rest.issues.createComment({ ...target, issue_number: issue.number, body }),
  );
  // The issue of another repository, where this one was moved to, answers with something else.
  return { commentId: made?.status === 201 ? BigInt(made.data.id) : null, commentKey };
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
export async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: { status?: number }) => {
    if (error.status === 404 || error.status === 410) return undefined;
    throw error;
  });
}
