// What people write may hold commands, wherever they write it: in a comment, in a review, on a line of a diff.
import type { Context } from "probot";
import { carryOut } from "../commands/carry-out.ts";
import type { Asked } from "../commands/command.ts";
import { type Parsed, parseCommands } from "../commands/parse.ts";
import type { AppDeps } from "../deps.ts";

/** Carries out the commands in a text. Tells whether there are any. */
export async function onWritten(text: string | null, context: Asked, deps: AppDeps): Promise<boolean> {
  const parsed = await commandsIn(text ?? "", context, deps);
  if (parsed.length === 0) return false;
  await carryOut(parsed, { context, deps });
  return true;
}

/** A repository may want no mentions: then its configuration is asked only where there is one. */
export async function commandsIn(
  text: string,
  context: Parameters<AppDeps["configs"]["of"]>[0],
  deps: AppDeps,
): Promise<Parsed[]> {
  const parsed = parseCommands(text, await slugFor(text, deps));
  if (!parsed.some(({ isMention }) => isMention)) return parsed;
  const { triggers } = await deps.configs.of(context);
  return triggers.mention ? parsed : parseCommands(text);
}

/** Few comments mention somebody at the beginning of a line. */
async function slugFor(text: string, { appSlug }: AppDeps): Promise<string | undefined> {
  return mentionsSomebody.test(text) ? appSlug() : undefined;
}

const mentionsSomebody = /^[^\w\n]{0,100}[@＠]/m;

export function askedInComment(context: Context<"issue_comment.created">): Asked {
  const { id, octokit, payload } = context;
  const { id: comment, node_id: node } = payload.comment;
  const source = { kind: "comment" as const, id: comment, node };
  const { comment: made } = payload;
  return { id, octokit, payload, source, made, at: made.created_at, repo: () => context.repo() };
}

export function askedInReview(context: Context<"pull_request_review.submitted">): Asked {
  const { id, octokit, payload } = context;
  const { id: review, node_id: node } = payload.review;
  const source = { kind: "review" as const, id: review, node };
  const { review: made } = payload;
  return {
    ...{ id, octokit, payload: aboutPull(payload), source, repo: () => context.repo() },
    ...{ made, at: made.submitted_at },
  };
}

export function askedOnLine(context: Context<"pull_request_review_comment.created">): Asked {
  const { id, octokit, payload } = context;
  const { id: comment, node_id: node, path, line, original_line: before } = payload.comment;
  const source = { kind: "review-comment" as const, id: comment, node };
  const place = line ?? before;
  return {
    ...{ id, octokit, payload: aboutPull(payload), source, repo: () => context.repo() },
    ...{ made: payload.comment, at: payload.comment.created_at },
    ...{ line: place ? `${path}, line ${place}` : path, thread: payload.comment.in_reply_to_id ?? comment },
  };
}

type AboutPull = Context<"pull_request_review.submitted" | "pull_request_review_comment.created">["payload"];

/** A pull request is an issue, too, and commands look at it as one. */
function aboutPull({ sender, installation, repository, pull_request: pull }: AboutPull): Asked["payload"] {
  const { number, title, state, updated_at, user, body, labels } = pull;
  return {
    sender,
    installation,
    repository,
    issue: { number, title, state, updated_at, user, body, labels, pull_request: {} },
  };
}
