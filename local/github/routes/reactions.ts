// Reactions to issues and to comments: the same three operations on two kinds of subject.
import { z } from "zod";
import { now, type Reaction } from "../hub.ts";
import { accountOf } from "../lookups.ts";
import { page } from "../rest/page.ts";
import { forbidden, must } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { reactionKinds, showReaction } from "../shapes/issue.ts";
import { commentIn } from "./comments.ts";
import { issueIn } from "./find-issue.ts";

const issues = "/repos/{owner}/{repo}/issues";

export const reactionRoutes: Route[] = [
  ...routesFor(`${issues}/{issue_number}`, issueIn),
  ...routesFor(`${issues}/comments/{comment_id}`, commentIn),
];

type Subject = (request: ApiRequest) => { reactions: Reaction[] };

function routesFor(path: string, subject: Subject): Route[] {
  const writing: Route["permission"] = ["issues:write", "pull_requests:write"];
  return [
    {
      method: "GET",
      path: `${path}/reactions`,
      permission: ["issues:read", "pull_requests:read"],
      handler: (request) => list(request, subject),
    },
    {
      method: "POST",
      path: `${path}/reactions`,
      permission: writing,
      role: "read",
      handler: (request) => create(request, subject),
    },
    {
      method: "DELETE",
      path: `${path}/reactions/{reaction_id}`,
      permission: writing,
      role: "read",
      handler: (request) => remove(request, subject),
    },
  ];
}

function list(request: ApiRequest, subject: Subject) {
  const content = request.query("content");
  const reactions = subject(request).reactions.filter((one) => one.content === (content ?? one.content));
  return page(request, reactions, (reaction) => showReaction(request.hub, reaction));
}

const newReaction = z.object({ content: z.enum(reactionKinds) });

function create(request: ApiRequest, subject: Subject) {
  const { hub, actor } = request;
  const { reactions } = subject(request);
  const { content } = request.input(newReaction, "Reaction");
  const author = accountOf(actor);
  const existing = reactions.find((one) => one.author === author && one.content === content);
  if (existing) return { status: 200, body: showReaction(hub, existing) };
  const reaction = { id: hub.nextId(), author, content, createdAt: now() };
  reactions.push(reaction);
  return { status: 201, body: showReaction(hub, reaction) };
}

function remove(request: ApiRequest, subject: Subject) {
  const { reactions } = subject(request);
  const id = request.id("reaction_id");
  const reaction = must(reactions.find((one) => one.id === id));
  if (reaction.author !== accountOf(request.actor)) throw forbidden();
  reactions.splice(reactions.indexOf(reaction), 1);
  return { status: 204 };
}
