import type { Context } from "probot";
import { Refusal } from "../shared/errors.ts";
import type { Text } from "../shared/language.ts";
import type { AppDeps } from "./deps.ts";
import { noteDecision } from "./policy/decisions.ts";
import { unknownApp } from "./replies/who-may.ts";
import { reply, replyOnce } from "./reply.ts";

type Answering = Pick<Context, "octokit"> & {
  id: string;
  repo(): { owner: string; repo: string };
  payload: {
    issue: { number: number; updated_at: string };
    sender: { login: string };
    repository: { id: number };
  };
};

/** What somebody asked for: the line, or the label. */
export type Asked = { context: Answering; deps: Pick<AppDeps, "db" | "configs" | "log">; wish: string };

/** Does what was asked for. A refusal is written down and told to who asked. */
export async function refusable(asked: Asked, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await noteRefusal(asked, error.text);
    await reply(asked.context, error.text, asked.deps);
  }
}

/** Writes down why it is not done, in English. Bots are not answered: they might answer. */
export async function noteRefusal({ context, deps, wish }: Asked, reason: Text): Promise<void> {
  const issue = context.payload.issue.number;
  await noteDecision(deps.db, context, { issue, wish, reason: reason.en });
  deps.log.info({ delivery: context.id, issue }, "refused");
}

/** Refuses what an unknown App did in a person's name. On one issue that is said once: the App might answer. */
export async function refuseApp(asked: Asked, app: { id?: number | null; name?: string }): Promise<void> {
  const { number: issue } = asked.context.payload.issue;
  const text = unknownApp(app.name ?? "");
  await noteRefusal(asked, text);
  await replyOnce(asked.context, { issue, key: `app:${app.id}`, text }, asked.deps);
}
