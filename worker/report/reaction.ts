import { messageOf } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import type { Reaction } from "../../shared/react.ts";
import type { Mutate } from "./one-request.ts";
import type { Snapshot } from "./snapshot.ts";

/** Shows on the command that started an execution that it did, and how that ended. What keeps GitHub from it keeps no report from being done. */
export async function reportReaction(
  mutate: Mutate,
  snapshot: Pick<Snapshot, "id" | "reported" | "trigger" | "status" | "finishedAt" | "round">,
  log: Logger,
): Promise<void> {
  const subjectId = snapshot.trigger.source?.node;
  if (subjectId === undefined) return;
  const change = (name: string) => (content: Reaction) => ({
    ...{ name, input: { subjectId, content }, gives: "reaction { content }" },
  });
  const reactions = mutate([
    ...outdated(snapshot).map(change("removeReaction")),
    ...reactionsTo(snapshot).map(change("addReaction")),
  ]);
  for (const error of (await Promise.allSettled(reactions)).flatMap(reasonOf))
    log.warn({ execution_id: snapshot.id, error: messageOf(error) }, "reaction not made");
}

/** What shows that it failed, once a retry has done it. */
function outdated({ status, round }: Pick<Snapshot, "status" | "round">): Reaction[] {
  return status === "succeeded" && round > 1 ? ["CONFUSED"] : [];
}

/** GitHub keeps one reaction of a kind from each account. */
function reactionsTo({ reported, status, finishedAt }: Pick<Snapshot, "reported" | "status" | "finishedAt">) {
  const reactions: Reaction[] = [];
  if (reported < 0) reactions.push("ROCKET");
  if (finishedAt !== null) reactions.push(status === "succeeded" ? "HOORAY" : "CONFUSED");
  return reactions;
}

function reasonOf(outcome: PromiseSettledResult<unknown>): unknown[] {
  return outcome.status === "rejected" ? [outcome.reason] : [];
}
