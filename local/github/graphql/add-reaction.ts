import { type Actor, type Hub, type Issue, nodeId, now, type Reaction, type Repository } from "../hub.ts";
import { accountOf } from "../lookups.ts";
import type { Permission } from "../rest/route.ts";
import { refusal, requirePermission } from "./refusals.ts";

type Input = { clientMutationId?: string | null; subjectId: string; content: string };
type Subject = { node: string; reactions: Reaction[]; permission: Permission[] };

/** The names that REST has for GraphQL's. */
const kinds: Record<string, string> = { THUMBS_UP: "+1", THUMBS_DOWN: "-1" };

/** Reacts to whatever people can react to. A second reaction of the same kind is the first one. */
export function addReaction(hub: Hub, actor: Actor, { input }: { input: Input }) {
  const { repository, subject } = findSubject(hub, input.subjectId);
  requirePermission(actor, subject.permission, repository, "read");
  const author = accountOf(actor);
  const content = kinds[input.content] ?? input.content.toLowerCase();
  let reaction = subject.reactions.find((one) => one.author === author && one.content === content);
  if (!reaction) {
    reaction = { id: hub.nextId(), author, content, createdAt: now() };
    subject.reactions.push(reaction);
  }
  const { id, createdAt } = reaction;
  const shown = { id: nodeId("REA", id), databaseId: id, content: input.content, createdAt };
  // GitHub names no user where a bot has reacted.
  return { clientMutationId: input.clientMutationId, reaction: { ...shown, user: null } };
}

/** Takes back one's own reaction. */
export function removeReaction(hub: Hub, actor: Actor, { input }: { input: Input }) {
  const { repository, subject } = findSubject(hub, input.subjectId);
  requirePermission(actor, subject.permission, repository, "read");
  const author = accountOf(actor);
  const content = kinds[input.content] ?? input.content.toLowerCase();
  const at = subject.reactions.findIndex((one) => one.author === author && one.content === content);
  const [removed] = at < 0 ? [] : subject.reactions.splice(at, 1);
  if (!removed) throw refusal("NOT_FOUND", `Could not find a reaction ${input.content} of yours there.`);
  const { id, createdAt } = removed;
  const shown = { id: nodeId("REA", id), databaseId: id, content: input.content, createdAt };
  return { clientMutationId: input.clientMutationId, reaction: { ...shown, user: null } };
}

function findSubject(hub: Hub, id: string): { repository: Repository; subject: Subject } {
  for (const repository of hub.repositories) {
    const subject = repository.issues.flatMap(subjectsOf).find(({ node }) => node === id);
    if (subject) return { repository, subject };
  }
  throw refusal("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}

function subjectsOf(issue: Issue): Subject[] {
  const { pull, comments, reactions } = issue;
  const pulls: Permission[] = ["pull_requests:write"];
  const either: Permission[] = pull ? ["issues:write", "pull_requests:write"] : ["issues:write"];
  const reviewed = pull?.threads.flatMap((thread) => thread.comments) ?? [];
  return [
    { node: pull ? nodeId("PR", pull.id) : nodeId("I", issue.id), reactions, permission: either },
    ...comments.map((one) => ({ node: nodeId("IC", one.id), reactions: one.reactions, permission: either })),
    ...(pull?.reviews ?? []).map((one) => ({
      ...{ node: nodeId("PRR", one.id), reactions: one.reactions, permission: pulls },
    })),
    ...reviewed.map((one) => ({ node: nodeId("PRRC", one.id), reactions: one.reactions, permission: pulls })),
  ];
}
