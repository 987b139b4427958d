// Who is assigned to an issue or a pull request.
import { z } from "zod";
import { assign, unassign } from "../actions/set-assignees.ts";
import { accountOf } from "../lookups.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { showIssue } from "../shapes/issue.ts";
import { issueIn, mayLabel } from "./find-issue.ts";

const path = "/repos/{owner}/{repo}/issues/{issue_number}/assignees";
const permission: Route["permission"] = ["issues:write", "pull_requests:write"];

export const assigneeRoutes: Route[] = [
  {
    ...{ method: "POST", path, permission, role: "read" },
    handler: async (request) => ({ status: 201, body: await change(request, assign) }),
  },
  {
    ...{ method: "DELETE", path, permission, role: "read" },
    handler: async (request) => ({ body: await change(request, unassign) }),
  },
];

const given = z.object({ assignees: z.array(z.string()).default([]) });

/** GitHub takes no notice of what people ask for who may not. */
async function change(request: ApiRequest, how: typeof assign) {
  const { hub, repository, actor } = request;
  const issue = issueIn(request);
  const { assignees } = request.input(given, "Issue");
  if (mayLabel(request)) await how(hub, { repository, issue, sender: accountOf(actor) }, assignees);
  return showIssue(hub, repository, issue);
}
