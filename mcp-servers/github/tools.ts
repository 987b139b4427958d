import { addComment } from "./tools/add-comment.ts";
import { commitChanges } from "./tools/commit-changes.ts";
import { createBranch } from "./tools/create-branch.ts";
import { createPullRequest } from "./tools/create-pull-request.ts";
import { getIssue } from "./tools/get-issue.ts";
import { getPullRequest } from "./tools/get-pull-request.ts";
import { listIssues } from "./tools/list-issues.ts";
import { listPullRequests } from "./tools/list-pull-requests.ts";
import { mergePullRequest } from "./tools/merge-pull-request.ts";
import { updateIssue } from "./tools/update-issue.ts";

export const githubTools = [
  getIssue,
  listIssues,
  updateIssue,
  addComment,
  createBranch,
  commitChanges,
  createPullRequest,
  getPullRequest,
  listPullRequests,
  mergePullRequest,
];
