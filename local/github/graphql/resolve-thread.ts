import { type Actor, type Hub, nodeId } from "../hub.ts";
import { threadWithId } from "./nodes.ts";
import { refusal } from "./refusals.ts";

/** Marks a review thread as resolved. Whoever may see the pull request may. */
export function resolveThread(hub: Hub, actor: Actor, { input }: { input: { threadId: string } }) {
  const asked = { id: input.threadId };
  threadWithId({ hub, actor }, asked);
  const threads = hub.repositories.flatMap(({ issues }) => issues.flatMap(({ pull }) => pull?.threads ?? []));
  const thread = threads.find(({ id }) => nodeId("PRRT", id) === input.threadId);
  if (!thread) throw refusal("NOT_FOUND", `Could not resolve to a node with the global id of '${asked.id}'`);
  thread.isResolved = true;
  return { thread: threadWithId({ hub, actor }, asked) };
}
