import type { Context } from "probot";

type Answering = Pick<Context, "octokit"> & { repo(): { owner: string; repo: string } };

/** A comment on an issue, found again by its key. */
type Said = { issue: number; key: string; text: string; since?: string };

/** Answers on the issue that a delivery is about, once: handled again, it finds its reply. */
export async function reply(
  context: Answering & { id: string; payload: { issue: { number: number; updated_at: string } } },
  text: string,
): Promise<void> {
  const { number, updated_at: since } = context.payload.issue;
  await replyOnce(context, { issue: number, key: context.id, text, since });
}

/** Says something on an issue, unless a comment with this key is there. */
export async function replyOnce(context: Answering, { issue, key, text, since }: Said): Promise<void> {
  const { issues } = context.octokit.rest;
  const marker = `<!-- afu9:reply:${key} -->`;
  const target = { ...context.repo(), issue_number: issue };
  const comments = await context.octokit.paginate(issues.listComments, {
    ...target,
    ...(since && { since }),
    per_page: 100,
  });
  // A person who writes the marker must not keep the answer from being given.
  if (comments.some(({ user, body }) => user?.type === "Bot" && body?.endsWith(marker))) return;
  await issues.createComment({ ...target, body: `${text}\n\n${marker}` });
}
