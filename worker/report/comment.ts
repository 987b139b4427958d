import { z } from "zod";
import { unlessGone } from "../../shared/unless-gone.ts";
import type { Around } from "./around.ts";
import { contentKey } from "./content-key.ts";
import { findComment } from "./find-comment.ts";
import type { Mutate } from "./one-request.ts";
import type { Snapshot } from "./snapshot.ts";
import { comment, marker } from "./wording.ts";

/** What the execution's row says of its comment. */
export type ShownComment = Pick<Snapshot, "commentId" | "commentNode" | "commentKey">;

const Made = z.object({
  commentEdge: z.object({ node: z.object({ id: z.string(), fullDatabaseId: z.coerce.bigint() }) }).nullable(),
});

/**
 * Brings the sticky comment up to date, or leaves it when GitHub shows just that already. Its id is null when the issue is
 * gone and nobody is there to be told. A comment that was made and not written down is found by its marker; one that
 * somebody deleted is made again.
 */
export async function reportComment(
  mutate: Mutate,
  snapshot: Snapshot,
  { octokit, appId, nodes, intend, ...places }: Around,
): Promise<ShownComment> {
  const render = (seen: Snapshot) => comment(seen, places);
  const commentKey = contentKey(snapshot, render);
  const { commentId, commentNode, commentKey: shown, isReporting } = snapshot;
  if (commentId !== null && shown === commentKey) return { commentId, commentNode, commentKey };

  const body = render(snapshot);
  const update = async (id: string) => {
    const [done] = mutate([
      { name: "updateIssueComment", input: { id, body }, gives: "issueComment { id }" },
    ]);
    return unlessGone(done);
  };
  if (commentNode !== null && (await update(commentNode))) return { commentId, commentNode, commentKey };
  const mayBeThere = isReporting || (commentId !== null && commentNode === null);
  const found = mayBeThere ? await findComment(octokit, snapshot, appId, marker(snapshot.id)) : undefined;
  if (found && (await update(found.node)))
    return { commentId: found.id, commentNode: found.node, commentKey };

  const subjectId = await nodes.issue();
  if (subjectId === undefined) return { commentId: null, commentNode: null, commentKey };
  await intend();
  const [made] = mutate([
    {
      name: "addComment",
      input: { subjectId, body },
      gives: "commentEdge { node { id fullDatabaseId } }",
    },
  ]);
  const { commentEdge } = Made.nullable().parse((await unlessGone(made)) ?? null) ?? {};
  return {
    commentId: commentEdge?.node.fullDatabaseId ?? null,
    commentNode: commentEdge?.node.id ?? null,
    commentKey,
  };
}
