import type { GitHubApp } from "../../shared/github.ts";
import type { Approval } from "../engine/approvals.ts";
import type { Claim } from "../engine/claim.ts";
import { findComment } from "./find-comment.ts";
import { reminder } from "./wording.ts";

/** Reminds the people on the issue of an approval that is waited for, once: an edit of the sticky comment tells nobody. */
export async function postReminder(approval: Approval, claim: Claim, github: GitHubApp): Promise<void> {
  const { installation, repository, issue } = claim.trigger;
  const octokit = github.octokitFor({
    installation,
    repo: repository.name,
    permissions: { issues: "write" },
  });
  const marker = `<!-- afu9:reminder:${approval.id} -->`;
  const since = { trigger: claim.trigger, createdAt: approval.requestedAt };
  if (await findComment(octokit, since, github.id, marker)) return;
  await octokit.rest.issues.createComment({
    owner: repository.owner,
    repo: repository.name,
    issue_number: issue.number,
    body: `${marker}\n${reminder(approval.hash)}`,
  });
}
