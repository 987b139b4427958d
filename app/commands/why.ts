import { Refusal } from "../../shared/errors.ts";
import { executionsAbout } from "../../shared/executions-about.ts";
import { paragraphs, type Text } from "../../shared/language.ts";
import { covers } from "../../shared/role.ts";
import { commandNames } from "../../shared/workflow-starts.ts";
import { executionOf } from "../find-execution.ts";
import { labelsOf } from "../labels-of.ts";
import { roleFor } from "../policy/command-roles.ts";
import { readDecisions } from "../policy/decisions.ts";
import { readPullRequest } from "../pull-request-of.ts";
import { readStatus } from "../read-status.ts";
import { notInWorkflows } from "../replies/commands.ts";
import { nothingWasStarted, refusedLately } from "../replies/history.ts";
import { onHold } from "../replies/starts.ts";
import { statusOf } from "../replies/status.ts";
import type { Call, Command } from "./command.ts";
import { startByCommand } from "./start.ts";

/** Starts the workflow that explains what was done here, also where all is closed. Where nothing was, no model is asked. */
export const why: Command = {
  name: "why",
  text: "[question]",
  summary: {
    en: "Explain what I did here and why it ended so, from the records.",
    de: "Anhand der Aufzeichnungen erklären, was ich hier getan habe und warum es so geendet hat.",
  },
  wish: { en: "explain it", de: "Das erklären" },
  starts: true,
  async run(call) {
    const { context, deps } = call;
    const { repository, issue } = context.payload;
    const about = { repository: repository.id, number: issue.number };
    const decisions = await readDecisions(deps.db, about);
    const refused = decisions.length > 0 ? refusedLately(decisions) : undefined;
    const withRefused = (text: Text) => paragraphs(text, refused);
    if ((await executionsAbout(deps.db.pool, about)).length === 0)
      return withRefused(nothingWasStarted(await startsHere(call)));

    const { labels, roles } = await deps.configs.of(context);
    if (labelsOf(issue).has(labels.hold.toLowerCase())) return withRefused(onHold(labels.hold));
    // To ask a model takes more than to read, where everybody can read.
    if (!covers(call.role, roleFor("explain", { roles, isPublic: !repository.private })))
      return withRefused(statusOf(await readStatus(deps.db, await executionOf(call))));
    const workflow = deps.workflows.find(({ definition }) => commandNames(definition.on).includes("why"));
    if (!workflow) throw new Refusal(notInWorkflows("why"));
    const pullRequest = issue.pull_request
      ? await readPullRequest(context, issue.number, deps.db)
      : undefined;
    const start = await startByCommand(workflow, "why", { ...call, pullRequest });
    return { ...start, said: refused };
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
