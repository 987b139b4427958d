import type { Context } from "probot";
import { messageOf } from "../shared/errors.ts";
import type { Language, Text } from "../shared/language.ts";
import type { AppDeps } from "./deps.ts";

type Answering = Pick<Context, "octokit"> & {
  id: string;
  repo(): { owner: string; repo: string };
  payload: { repository: { id: number } };
};
type Deps = Pick<AppDeps, "configs" | "log">;

/** A comment on an issue, found again by its key. */
type Said = { issue: number; key: string; text: Text; since?: string };

type Asked = Answering & {
  /** The first comment on a line of the diff, where it is asked there. */
  thread?: number | undefined;
  payload: { issue: { number: number; updated_at: string } };
};

/** Answers where a delivery asks, on the issue or in the thread, once: handled again, it finds its reply. */
export async function reply(context: Asked, text: Text, deps: Deps): Promise<void> {
  const { number, updated_at: since } = context.payload.issue;
  const said = { issue: number, key: context.id, text, since };
  if (context.thread === undefined || !(await replyInThread(context, context.thread, said, deps)))
    await replyOnce(context, said, deps);
}

/** Gives false where the thread is gone. */
async function replyInThread(
  context: Asked,
  thread: number,
  { issue, key, text, since }: Said,
  deps: Deps,
): Promise<boolean> {
  const { pulls } = context.octokit.rest;
  const target = { ...context.repo(), pull_number: issue };
  const comments = await context.octokit.paginate(pulls.listReviewComments, {
    ...target,
    ...(since && { since }),
    per_page: 100,
  });
  if (comments.some(({ user, body }) => isReply(key, { user, body }))) return true;
  const body = await bodyOf(context, { key, text }, deps);
  try {
    await pulls.createReplyForReviewComment({ ...target, comment_id: thread, body });
    return true;
  } catch (error) {
    if ((error as { status?: number }).status === 404) return false;
    throw error;
  }
}

function markerOf(key: string): string {
  return `<!-- afu9:reply:${key} -->`;
}

/** A person who writes the marker must not keep the answer from being given. */
function isReply(
  key: string,
  { user, body }: { user: { type?: string } | null; body?: string | null | undefined },
): boolean {
  return user?.type === "Bot" && (body?.endsWith(markerOf(key)) ?? false);
}

async function bodyOf(
  context: Answering,
  { key, text }: Pick<Said, "key" | "text">,
  deps: Deps,
): Promise<string> {
  return `${text[await languageOf(context, deps)]}\n\n${markerOf(key)}`;
}

/** Says something on an issue in the repository's language, unless a comment with this key is there. */
export async function replyOnce(
  context: Answering,
  { issue, key, text, since }: Said,
  deps: Deps,
): Promise<void> {
  const { issues } = context.octokit.rest;
  const target = { ...context.repo(), issue_number: issue };
  const comments = await context.octokit.paginate(issues.listComments, {
    ...target,
    ...(since && { since }),
    per_page: 100,
  });
  if (comments.some((one) => isReply(key, { user: one.user, body: one.body }))) return;
  const body = await bodyOf(context, { key, text }, deps);
  await issues.createComment({ ...target, body });
}

/** Nobody is to wait for an answer because it can't be told in which language it is to be. */
async function languageOf(context: Answering, { configs, log }: Deps): Promise<Language> {
  try {
    return (await configs.of(context)).language;
  } catch (error) {
    log.warn({ delivery: context.id, error: messageOf(error) }, "language not read");
    return "en";
  }
}
