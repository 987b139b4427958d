import { Refusal } from "../../shared/errors.ts";
import { executionsAbout } from "../../shared/executions-about.ts";
import { covers } from "../../shared/role.ts";
import { commandNames } from "../../shared/workflow-starts.ts";
import { executionOf } from "../find-execution.ts";
import { labelsOf } from "../labels-of.ts";
import { roleFor } from "../policy/command-roles.ts";
import { readDecisions } from "../policy/decisions.ts";
import { readPullRequest } from "../pull-request-of.ts";
import { readStatus } from "../read-status.ts";
import { nothingWasStarted, onHold, refusedLately } from "../replies.ts";
import { statusOf } from "../status-reply.ts";
import type { Call, Command } from "./command.ts";
import { startByCommand } from "./start.ts";

/** Starts the workflow that explains what was done here, also where all is closed. Where nothing was, no model is asked. */
export const why: Command = {
  name: "why",
  text: "[question]",
  summary: "Explain what I did here and why it ended so, from the records.",
  wish: "explain it",
  starts: true,
  async run(call) {
    const { context, deps } = call;
    const { repository, issue } = context.payload;
    const about = { repository: repository.id, number: issue.number };
    const decisions = await readDecisions(deps.db, about);
    const refused = decisions.length > 0 ? refusedLately(decisions) : undefined;
    const withRefused = (text: string) => [text, refused].filter(Boolean).join("\n\n");
    if ((await executionsAbout(deps.db.pool, about)).length === 0)
      return withRefused(nothingWasStarted(await startsHere(call)));

    const { labels, roles } = await deps.configs.of(context);
    if (labelsOf(issue).has(labels.hold.toLowerCase())) return withRefused(onHold(labels.hold));
    // To ask a model takes more than to read, where everybody can read.
    if (!covers(call.role, roleFor("explain", { roles, isPublic: !repository.private })))
      return withRefused(statusOf(await readStatus(deps.db, await executionOf(call))));
    const workflow = deps.workflows.find(({ definition }) => commandNames(definition.on).includes("why"));
    if (!workflow) throw new Refusal("No workflow is started by `/afu9 why`. See `workflows/`.");
    const pullRequest = issue.pull_request
      ? await readPullRequest(context, issue.number, deps.db)
      : undefined;
    const start = await startByCommand(workflow, "why", { ...call, pullRequest });
    return typeof start === "object" ? { ...start, said: refused } : start;
  },
};

/** What would start something on this issue or pull request. */
async function startsHere({ context, deps }: Call): Promise<{ labels: string[]; commands: string[] }> {
  const { workflows } = await deps.repositoryWorkflows.of(context);
  const place = context.payload.issue.pull_request ? "pull-request" : "issue";
  const definitions = [...deps.workflows, ...workflows].map(({ definition }) => definition);
  return {
    labels: place === "issue" ? definitions.flatMap(({ on }) => on.label ?? []) : [],
    commands: definitions
      .filter(({ on }) => on.command?.["works-on"].includes(place))
      .flatMap(({ on }) => commandNames(on)),
  };
}
