import { z } from "zod";
import { PermanentFault } from "../../shared/errors.ts";
import { createRedact } from "../../shared/redact.ts";
import { storableText } from "../../shared/storable-text.ts";
import { Trigger } from "../../shared/trigger.ts";

const { text: withoutTokens } = createRedact();
/** A person's text as a row keeps it: what has the form of a token is nobody's business. */
const kept = (text: string) => withoutTokens(storableText(text));

/** What every webhook has that may start something. */
export type Happened = {
  id: string;
  payload: {
    sender: { id: number; login: string; type: string };
    installation?: { id: number };
    repository: {
      id: number;
      node_id?: string;
      name: string;
      default_branch: string;
      owner: { login: string };
    };
  };
};

/** What a webhook is about. */
export type About = Omit<
  z.input<typeof Trigger>,
  "delivery" | "installation" | "sender" | "repository" | "issue"
> & {
  issue: { number: number; node_id?: string; title: string; body?: string | null };
};

/** A webhook in our own shape. Throws a `PermanentFault` when a field is missing that everything needs. */
export function triggerOf({ id, payload }: Happened, about: About): Trigger {
  const { repository, sender, installation } = payload;
  const parsed = Trigger.safeParse({
    ...about,
    delivery: id,
    installation: installation?.id,
    sender: { id: sender.id, login: sender.login },
    repository: {
      id: repository.id,
      owner: repository.owner.login,
      name: repository.name,
      defaultBranch: repository.default_branch,
      node: repository.node_id,
    },
    issue: {
      number: about.issue.number,
      node: about.issue.node_id,
      title: kept(about.issue.title),
      body: kept(about.issue.body ?? ""),
    },
    instructions: kept(about.instructions ?? ""),
  });
  if (parsed.success) return parsed.data;
  throw new PermanentFault(`The payload can't be used: ${z.prettifyError(parsed.error)}`);
}
