import { Refusal } from "../../shared/errors.ts";
import { inAll, type Text } from "../../shared/language.ts";
import { outgoingLine } from "../../shared/outgoing-text.ts";
import { changesSomething } from "../../shared/reading-tools.ts";
import type { TriggerPullRequest, TriggerSource } from "../../shared/trigger.ts";
import type { Workflow } from "../../shared/workflow.ts";
import { commandNames, type Place } from "../../shared/workflow-starts.ts";
import { readPullRequest } from "../pull-request-of.ts";
import { runsHere, wrongPlace } from "../replies/commands.ts";
import { forksAreOnlyRead } from "../replies/forks.ts";
import { alreadyRunning, closed } from "../replies/starts.ts";
import type { SavedWorkflow } from "../start-execution.ts";
import { startOnIssue } from "../start-on-issue.ts";
import type { Call, Command } from "./command.ts";

/** The command that starts a workflow, where its definition says that it works. */
export function createStart(workflow: SavedWorkflow, name: string): Command {
  const { definition } = workflow;
  const places = definition.on.command?.["works-on"] ?? ["issue"];
  return {
    name,
    text: "[instructions]",
    summary: summaryOf(definition, places),
    wish: { en: "start this", de: "Das starten" },
    places,
    starts: true,
    async run(call) {
      const { context, deps } = call;
      const { issue } = context.payload;
      const place: Place = issue.pull_request ? "pull-request" : "issue";
      if (!places.includes(place)) throw new Refusal(wrongPlace(name, places));
      if (issue.state !== "open") throw new Refusal(closed(place));
      const pullRequest = issue.pull_request
        ? await readPullRequest(context, issue.number, deps.db)
        : undefined;
      if (pullRequest?.isFork && changesSomething(definition)) throw new Refusal(forksAreOnlyRead(name));
      return startByCommand(workflow, name, { ...call, pullRequest });
    },
  };
}

/** Throws a `Refusal` while an execution works on this that it can't go beside. */
export async function startByCommand(
  workflow: SavedWorkflow,
  command: string,
  { context, deps, instructions, needs, pullRequest }: Call & { pullRequest: TriggerPullRequest | undefined },
): Promise<{ queued: string }> {
  const { source, line, payload, at } = context;
  const { issue } = payload;
  const start = await startOnIssue(workflow, context, deps, {
    ...{
      kind: "command" as const,
      issue,
      command,
      source,
      comment: source && commandKey(source),
      pullRequest,
    },
    ...{ at: at ?? undefined, needs },
    instructions: line ? `${instructions}\n\n(Written on ${line} of the change.)`.trim() : instructions,
  });
  if ("already" in start)
    throw new Refusal(alreadyRunning(start.already, issue.pull_request ? "pull-request" : "issue"));
  return { queued: start.started };
}

/** One number for each thing that a command is written in. GitHub counts the three kinds each by itself. */
function commandKey({ kind, id }: TriggerSource): number {
  if (kind === "comment") return id;
  return kind === "review" ? -2 * id : -2 * id - 1;
}

/** What a repository's file says mentions nobody. */
function summaryOf({ name, description }: Workflow, places: Place[]): Text {
  if (description) return inAll(outgoingLine(description));
  return runsHere(name, places);
}

/** The commands that these workflows name. */
export function startsOf(workflows: SavedWorkflow[]): Command[] {
  return workflows.flatMap((workflow) =>
    commandNames(workflow.definition.on).map((name) => createStart(workflow, name)),
  );
}
