import type { Probot } from "probot";
import type { AppDeps } from "./deps.ts";
import { onIssueAssigned, onIssueUnassigned, onPullAssigned } from "./handlers/assignment.ts";
import { onChangedConfig } from "./handlers/changed-config.ts";
import { onCheckRunAction, onCheckRunRerequested, onCheckSuiteRerequested } from "./handlers/check-run.ts";
import { onHoldLabel } from "./handlers/hold.ts";
import { onInstallationChanged } from "./handlers/installation.ts";
import { onIssueComment } from "./handlers/issue-comment.ts";
import { onIssueCommentEdited } from "./handlers/issue-comment-edited.ts";
import { onIssueLabeled, onIssueUnlabeled } from "./handlers/issues.ts";
import { onPullRequest } from "./handlers/pull-request.ts";
import { onReviewSubmitted } from "./handlers/pull-request-review.ts";
import { onPush } from "./handlers/push.ts";
import { onRepositoryChanged } from "./handlers/repository.ts";
import { onReviewComment } from "./handlers/review-comment.ts";
import { onWorkflowRunCompleted } from "./handlers/workflow-run.ts";

/** Which event goes to which handler. An issue that is opened with labels is followed by one `labeled` for each. */
export function createHandlers(deps: AppDeps): (app: Probot) => void {
  return (app) => {
    app.on("issues.labeled", (context) => onIssueLabeled(context, deps));
    app.on("issues.unlabeled", (context) => onIssueUnlabeled(context, deps));
    app.on("issues.assigned", (context) => onIssueAssigned(context, deps));
    app.on("issues.unassigned", (context) => onIssueUnassigned(context, deps));
    app.on("pull_request.assigned", (context) => onPullAssigned(context, deps));
    app.on(["issues.labeled", "issues.unlabeled"], (context) => onHoldLabel(context, deps));
    app.on(["pull_request.labeled", "pull_request.unlabeled"], (context) => onHoldLabel(context, deps));
    app.on("issue_comment.created", (context) => onIssueComment(context, deps));
    app.on("issue_comment.edited", (context) => onIssueCommentEdited(context, deps));
    app.on(
      [
        "pull_request.opened",
        "pull_request.reopened",
        "pull_request.synchronize",
        "pull_request.ready_for_review",
      ],
      (context) => onPullRequest(context, deps),
    );
    app.on("pull_request_review.submitted", (context) => onReviewSubmitted(context, deps));
    app.on("pull_request_review_comment.created", (context) => onReviewComment(context, deps));
    app.on(["pull_request.opened", "pull_request.reopened", "pull_request.synchronize"], (context) =>
      onChangedConfig(context, deps),
    );
    app.on("push", (context) => onPush(context, deps));
    app.on("check_run.requested_action", (context) => onCheckRunAction(context, deps));
    app.on("check_run.rerequested", (context) => onCheckRunRerequested(context, deps));
    app.on("check_suite.rerequested", (context) => onCheckSuiteRerequested(context, deps));
    app.on(["installation", "installation_repositories", "installation_target"], (context) =>
      onInstallationChanged(context, deps),
    );
    app.on("repository", (context) => onRepositoryChanged(context, deps));
    app.on("workflow_run.completed", (context) => onWorkflowRunCompleted(context, deps));
  };
}
