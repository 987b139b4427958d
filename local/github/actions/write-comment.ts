// A comment is made and edited the same way by REST and by GraphQL.
import { z } from "zod";
import { type Actor, type Comment, type Hub, type Issue, now, type Repository } from "../hub.ts";
import { accountOf, appOf } from "../lookups.ts";
import { emitComment } from "./issue-event.ts";

const longest = 65_536;
export const commentInput = z.object({
  body: z.string().min(1).max(longest, `body is too long (maximum is ${longest} characters)`),
});

type Writing = { repository: Repository; actor: Actor; body: string };

export function addComment(hub: Hub, issue: Issue, { repository, actor, body }: Writing): Comment {
  const author = accountOf(actor);
  const comment: Comment = {
    id: hub.nextId(),
    issue,
    author,
    app: appOf(actor),
    body,
    createdAt: now(),
    updatedAt: now(),
    reactions: [],
  };
  issue.comments.push(comment);
  issue.updatedAt = now();
  emitComment(hub, { repository, comment, sender: author, action: "created" });
  return comment;
}

export function editComment(hub: Hub, comment: Comment, { repository, actor, body }: Writing): void {
  const changes = { body: { from: comment.body } };
  comment.body = body;
  comment.updatedAt = now();
  comment.editedAt = comment.updatedAt;
  emitComment(hub, { repository, comment, sender: accountOf(actor), action: "edited", changes });
}
