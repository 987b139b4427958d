import type { Context } from "probot";
import type { AppDeps } from "../deps.ts";
import { pauseHeld, resumeReleased } from "../hold-executions.ts";
import { isSameLabel } from "../labels-of.ts";
import { isOwnBot } from "../own-bot.ts";

type Types = "labeled" | "unlabeled";
type Event = Context<`issues.${Types}`> | Context<`pull_request.${Types}`>;

/**
 * The label that holds an issue or a pull request pauses what is under way there; taken away, what was paused for it goes on.
 * GitHub lets nobody below `triage` set labels, and a hold gives nobody anything to do: so anybody's counts, a bot's too.
 */
export async function onHoldLabel(context: Event, deps: AppDeps): Promise<void> {
  const { payload } = context;
  const { label, sender } = payload;
  if (!label || (await isOwnBot(sender, deps))) return;
  const { labels } = await deps.configs.of(context);
  if (!isSameLabel(label.name, labels.hold)) return;
  const { number: issue, updated_at: at } = "issue" in payload ? payload.issue : payload.pull_request;
  const place = {
    ...{ repository: payload.repository.id, issue, at },
    who: sender.login,
    delivery: context.id,
  };
  await (payload.action === "labeled" ? pauseHeld(place, deps) : resumeReleased(place, deps));
}
