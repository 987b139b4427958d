import { emitIssue } from "../actions/issue-event.ts";
import { type Actor, type Hub, readNodeId } from "../hub.ts";
import { accountOf } from "../lookups.ts";
import { pullOf, showPullInList } from "../shapes/pull.ts";
import { refusal, requirePermission } from "./refusals.ts";

interface Arguments {
  input: { pullRequestId: string; clientMutationId?: string | null };
}

/** Turns a pull request into a draft, or into one that is ready for review. */
export async function setDraft(hub: Hub, actor: Actor, { input }: Arguments, draft: boolean) {
  const { repository, issue } = findPull(hub, input.pullRequestId);
  requirePermission(actor, "pull_requests:write", repository);
  const pull = pullOf(issue);
  if (issue.state === "closed") throw refusal("UNPROCESSABLE", "The pull request is closed.");
  if (pull.draft !== draft) {
    pull.draft = draft;
    const action = draft ? "converted_to_draft" : "ready_for_review";
    await emitIssue(hub, { repository, issue, sender: accountOf(actor), action });
  }
  const { node_id: id, number, title, html_url: url } = showPullInList(hub, repository, issue);
  const pullRequest = { id, number, title, url, isDraft: draft, headRefOid: pull.head.sha };
  return { clientMutationId: input.clientMutationId, pullRequest };
}

function findPull(hub: Hub, node: string) {
  const id = Number(readNodeId("PR", node));
  for (const repository of hub.repositories) {
    const issue = repository.issues.find(({ pull }) => pull?.id === id);
    if (issue) return { repository, issue };
  }
  throw refusal("NOT_FOUND", `Could not resolve to a node with the global id of '${node}'.`);
}
