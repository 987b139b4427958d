import type { Octokit } from "../../shared/github.ts";
import { findComment } from "./find-comment.ts";
import { isParked, type Snapshot } from "./snapshot.ts";
import { question } from "./wording.ts";

/** Asks the people on the issue for the decision that it is paused for, once each time: an edit of the sticky comment tells nobody. */
export async function postQuestion(octokit: Octokit, snapshot: Snapshot, appId: number): Promise<void> {
  if (!isParked(snapshot)) return;
  const { repository, issue } = snapshot.trigger;
  // Each claim has its own fence, and nobody claims it while it is paused.
  const marker = `<!-- afu9:question:${snapshot.id}:${snapshot.fence} -->`;
  if (await findComment(octokit, snapshot, appId, marker)) return;
  await octokit.rest.issues.createComment({
    owner: repository.owner,
    repo: repository.name,
    issue_number: issue.number,
    body: `${marker}\n${question(snapshot)}`,
  });
}
