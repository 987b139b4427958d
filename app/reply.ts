import type { Context } from "probot";

/** The delivery that is answered, and the issue it is about. */
type Answerable = Pick<Context, "id" | "octokit"> & {
  issue(): { owner: string; repo: string; issue_number: number };
  payload: { issue: { updated_at: string } };
};

/** Answers on the issue, once: a delivery that is handled again finds its reply by the hidden marker. */
export async function reply(context: Answerable, text: string): Promise<void> {
  const { issues } = context.octokit.rest;
  const marker = `<!-- afu9:reply:${context.id} -->`;
  const issue = context.issue();
  const since = context.payload.issue.updated_at;
  const comments = await context.octokit.paginate(issues.listComments, { ...issue, since, per_page: 100 });
  // A person who writes the marker must not keep the answer from being given.
  if (comments.some(({ user, body }) => user?.type === "Bot" && body?.endsWith(marker))) return;
  await issues.createComment({ ...issue, body: `${text}\n\n${marker}` });
}
