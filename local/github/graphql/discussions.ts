// What is written on issues and pull requests, which GraphQL names by their ids: comments and labels.
import { hasRole } from "../access/authorize.ts";
import { setLabels } from "../actions/set-labels.ts";
import { commentInput, editComment, addComment as makeComment } from "../actions/write-comment.ts";
import {
  type Actor,
  type Comment,
  type Hub,
  type Issue,
  type Label,
  nodeId,
  type Repository,
} from "../hub.ts";
import { accountOf } from "../lookups.ts";
import type { Permission } from "../rest/route.ts";
import { commentNode, discussionNode } from "./nodes.ts";
import { noNode, refusal, requirePermission } from "./refusals.ts";

interface Input {
  clientMutationId?: string | null;
}
interface Place {
  repository: Repository;
  issue: Issue;
}

export function addComment(
  hub: Hub,
  actor: Actor,
  { input }: { input: Input & { subjectId: string; body: string } },
) {
  const place = findDiscussion(hub, input.subjectId);
  const { repository, issue } = place;
  requirePermission(actor, writing(issue), repository, "read");
  const comment = makeComment(hub, issue, { repository, actor, body: bodyIn(input) });
  return {
    clientMutationId: input.clientMutationId,
    commentEdge: { node: commentNode({ hub, repository }, comment) },
    subject: discussionNode({ hub, actor, repository }, issue),
  };
}

export function updateIssueComment(
  hub: Hub,
  actor: Actor,
  { input }: { input: Input & { id: string; body: string } },
) {
  const { repository, comment } = findComment(hub, input.id);
  requirePermission(actor, writing(comment.issue), repository, "read");
  const isOthers = actor.kind === "user" && actor.account !== comment.author;
  if (isOthers && !hasRole(repository, actor.account, "triage")) {
    throw refusal("FORBIDDEN", `${actor.account.login} does not have permission to edit this comment.`);
  }
  editComment(hub, comment, { repository, actor, body: bodyIn(input) });
  return {
    clientMutationId: input.clientMutationId,
    issueComment: commentNode({ hub, repository }, comment),
  };
}

interface Labelling {
  input: Input & { labelableId: string; labelIds: string[] };
}

export function addLabelsToLabelable(hub: Hub, actor: Actor, { input }: Labelling) {
  return label(hub, actor, input, (worn, named) => [...worn, ...named]);
}

/** A label that it does not wear is none to be removed, and no fault. */
export function removeLabelsFromLabelable(hub: Hub, actor: Actor, { input }: Labelling) {
  return label(hub, actor, input, (worn, named) => worn.filter((one) => !named.includes(one)));
}

async function label(
  hub: Hub,
  actor: Actor,
  { clientMutationId, labelableId, labelIds }: Labelling["input"],
  change: (worn: Label[], named: Label[]) => Label[],
) {
  const { repository, issue } = findDiscussion(hub, labelableId);
  requirePermission(actor, writing(issue), repository, "triage");
  const named = labelIds.map((id) => {
    const found = repository.labels.find((one) => nodeId("LA", one.id) === id);
    if (!found) throw noNode(id);
    return found;
  });
  const names = change(issue.labels, named).map(({ name }) => name);
  await setLabels(hub, { repository, issue, sender: accountOf(actor) }, names);
  return { clientMutationId, labelable: discussionNode({ hub, actor, repository }, issue) };
}

/** The permission on pull requests opens those issues that are pull requests. */
function writing({ pull }: Issue): Permission[] {
  return pull ? ["issues:write", "pull_requests:write"] : ["issues:write"];
}

function bodyIn({ body }: { body: string }): string {
  const parsed = commentInput.safeParse({ body });
  if (parsed.success) return parsed.data.body;
  throw refusal("UNPROCESSABLE", parsed.error.issues.map(({ message }) => message).join(" "));
}

function findDiscussion(hub: Hub, id: string): Place {
  for (const repository of hub.repositories) {
    const issue = repository.issues.find(
      (one) => (one.pull ? nodeId("PR", one.pull.id) : nodeId("I", one.id)) === id,
    );
    if (issue) return { repository, issue };
  }
  throw noNode(id);
}

function findComment(hub: Hub, id: string): { repository: Repository; comment: Comment } {
  for (const repository of hub.repositories) {
    const comments = repository.issues.flatMap((issue) => issue.comments);
    const comment = comments.find((one) => nodeId("IC", one.id) === id);
    if (comment) return { repository, comment };
  }
  throw noNode(id);
}
