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

/** Answers on the issue that a delivery is about, once: handled again, it finds its reply. */
export async function reply(
  context: Answering & { payload: { issue: { number: number; updated_at: string } } },
  text: Text,
  deps: Deps,
): Promise<void> {
  const { number, updated_at: since } = context.payload.issue;
  await replyOnce(context, { issue: number, key: context.id, text, since }, deps);
}

/** Says something on an issue in the repository's language, unless a comment with this key is there. */
export async function replyOnce(
  context: Answering,
  { issue, key, text, since }: Said,
  deps: Deps,
): Promise<void> {
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
  const body = `${text[await languageOf(context, deps)]}\n\n${marker}`;
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
