import { Refusal } from "../../shared/errors.ts";
import { alreadyRunning, issueClosed, startFromIssue } from "../replies.ts";
import { startOnIssue } from "../start-on-issue.ts";
import type { Command } from "./command.ts";

export const run: Command = {
  name: "run",
  usage: "/afu9 run [instructions]",
  summary: "Work on this issue and open a pull request.",
  wish: "start",
  role: "write",
  async run({ context, deps, instructions }) {
    const workflow = deps.workflows.find(({ definition }) => definition.on.command === "run");
    if (!workflow) throw new Refusal("No workflow is started by `/afu9 run`. See `workflows/`.");
    if (context.payload.issue.pull_request) throw new Refusal(startFromIssue());
    if (context.payload.issue.state !== "open") throw new Refusal(issueClosed());
    const start = await startOnIssue(workflow, context, deps, instructions);
    if ("already" in start) throw new Refusal(alreadyRunning(start.already));
    return undefined;
  },
};
