import { Refusal } from "../../shared/errors.ts";
import { alreadyRunning, inline, issueClosed, startFromIssue } from "../replies.ts";
import type { SavedWorkflow } from "../start-execution.ts";
import { startOnIssue } from "../start-on-issue.ts";
import type { Command } from "./command.ts";

/** The command that starts a workflow. */
export function createStart(workflow: SavedWorkflow, name: string): Command {
  return {
    name,
    usage: `/afu9 ${name} [instructions]`,
    summary: `Run the workflow ${inline(workflow.definition.name)} on this issue.`,
    wish: "start",
    role: "write",
    async run({ context, deps, instructions }) {
      if (context.payload.issue.pull_request) throw new Refusal(startFromIssue());
      if (context.payload.issue.state !== "open") throw new Refusal(issueClosed());
      const start = await startOnIssue(workflow, context, deps, instructions);
      if ("already" in start) throw new Refusal(alreadyRunning(start.already));
      return undefined;
    },
  };
}

/** The commands that these workflows name. */
export function startsOf(workflows: SavedWorkflow[]): Command[] {
  return workflows.flatMap((workflow) => {
    const { command } = workflow.definition.on;
    return command ? [createStart(workflow, command)] : [];
  });
}
