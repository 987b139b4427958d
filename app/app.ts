import type { Probot } from "probot";
import type { AppDeps } from "./deps.ts";
import { onIssueComment } from "./handlers/issue-comment.ts";
import { onIssueLabeled } from "./handlers/issues.ts";

/** Which event goes to which handler. An issue that is opened with labels is followed by one `labeled` for each. */
export function createHandlers(deps: AppDeps): (app: Probot) => void {
  return (app) => {
    app.on("issues.labeled", (context) => onIssueLabeled(context, deps));
    app.on("issue_comment.created", (context) => onIssueComment(context, deps));
  };
}
