import { addComment } from "./tools/add-comment.ts";
import { addLabels } from "./tools/add-labels.ts";
import { addReaction } from "./tools/add-reaction.ts";
import { adoptHead } from "./tools/adopt-head.ts";
import { answerReviewThreads } from "./tools/answer-review-threads.ts";
import { commitChanges } from "./tools/commit-changes.ts";
import { createBranch } from "./tools/create-branch.ts";
import { createCheckRun } from "./tools/create-check-run.ts";
import { createDeployment } from "./tools/create-deployment.ts";
import { createDeploymentStatus } from "./tools/create-deployment-status.ts";
import { createPullRequest } from "./tools/create-pull-request.ts";
import { createReview } from "./tools/create-review.ts";
import { getFile } from "./tools/get-file.ts";
import { getIssue } from "./tools/get-issue.ts";
import { getPullRequest } from "./tools/get-pull-request.ts";
import { getWorkflowRun } from "./tools/get-workflow-run.ts";
import { listIssues } from "./tools/list-issues.ts";
import { listPullRequests } from "./tools/list-pull-requests.ts";
import { listReviewThreads } from "./tools/list-review-threads.ts";
import { listWorkflowRuns } from "./tools/list-workflow-runs.ts";
import { markReadyForReview } from "./tools/mark-ready-for-review.ts";
import { mergePullRequest } from "./tools/merge-pull-request.ts";
import { removeLabel } from "./tools/remove-label.ts";
import { replyToReviewThread } from "./tools/reply-to-review-thread.ts";
import { rerunFailedJobs } from "./tools/rerun-failed-jobs.ts";
import { searchCode } from "./tools/search-code.ts";
import { specifyIssue } from "./tools/specify-issue.ts";
import { updateCheckRun } from "./tools/update-check-run.ts";
import { updateIssue } from "./tools/update-issue.ts";

export const githubTools = [
  getIssue,
  listIssues,
  updateIssue,
  specifyIssue,
  addLabels,
  removeLabel,
  addComment,
  addReaction,
  getFile,
  searchCode,
  createBranch,
  adoptHead,
  commitChanges,
  createPullRequest,
  getPullRequest,
  listPullRequests,
  mergePullRequest,
  markReadyForReview,
  createReview,
  listReviewThreads,
  replyToReviewThread,
  answerReviewThreads,
  createCheckRun,
  updateCheckRun,
  getWorkflowRun,
  listWorkflowRuns,
  rerunFailedJobs,
  createDeployment,
  createDeploymentStatus,
];
