import { Refusal } from "../../shared/errors.ts";
import { commandNames } from "../../shared/workflow-starts.ts";
import { pullRequestOf } from "../pull-request-of.ts";
import { notInWorkflows, wrongPlace } from "../replies/commands.ts";
import { headIsAnother, headMayHaveMoved, nameTheCommit, notACommit, notAFork } from "../replies/forks.ts";
import { closed } from "../replies/starts.ts";
import type { Call, Command } from "./command.ts";
import { startByCommand } from "./start.ts";

/** The workflow makes the branch at the commit that its trigger has: the head that the maintainer has agreed with. */
export const adopt: Command = {
  name: "adopt",
  words: "[commit]",
  summary: {
    en: "Take the commits of a fork's pull request over to a branch here, where all commands work.",
    de: "Die Commits eines Pull Requests aus einem Fork auf einen Branch hier übernehmen, wo alle Befehle gehen.",
  },
  details: {
    en: "A GitHub App can't push to a fork. So I put the very commits on a branch of this repository and open a pull request of them; their authors stay. Typed again, it takes over what is new. With a commit, such as `/afu9 adopt 1a2b3c4`, it counts only while that is the head; without one, only while nothing was pushed to the fork since.",
    de: "Eine GitHub App kann nicht in einen Fork schreiben. Darum setze ich genau diese Commits auf einen Branch dieses Repositorys und öffne einen Pull Request damit; ihre Autoren bleiben. Noch einmal geschrieben, übernimmt es, was neu ist. Mit einem Commit, etwa `/afu9 adopt 1a2b3c4`, gilt es nur, solange er der letzte ist; ohne einen nur, solange es danach keinen Push in den Fork gab.",
  },
  wish: { en: "adopt it", de: "Den Pull Request übernehmen" },
  places: ["pull-request"],
  starts: true,
  async run(call) {
    const { context, deps } = call;
    const { issue } = context.payload;
    if (!issue.pull_request) throw new Refusal(wrongPlace("adopt", ["pull-request"]));
    if (issue.state !== "open") throw new Refusal(closed("pull-request"));
    const workflow = deps.workflows.find(({ definition }) => commandNames(definition.on).includes("adopt"));
    if (!workflow) throw new Refusal(notInWorkflows("adopt"));
    const pull = { ...context.repo(), pull_number: issue.number };
    const { data } = await context.octokit.rest.pulls.get(pull);
    const pullRequest = await pullRequestOf(data, deps.db);
    if (!pullRequest.isFork) throw new Refusal(notAFork());
    requireSeen(call, { head: data.head.sha, pushedAt: data.head.repo?.pushed_at ?? null });
    return startByCommand(workflow, "adopt", { ...call, pullRequest });
  },
};

/**
 * Throws a `Refusal` unless the head is what the person has seen: the commit that they name, or what it was when they wrote.
 * GitHub tells when a fork was last pushed to, on whatever branch, in whole seconds: the same second counts as later.
 */
function requireSeen(
  { context, args: [commit] }: Call,
  { head, pushedAt }: { head: string; pushedAt: string | null },
): void {
  if (commit !== undefined) {
    if (!/^[0-9a-f]{7,40}$/i.test(commit)) throw new Refusal(notACommit(commit));
    if (!head.startsWith(commit.toLowerCase())) throw new Refusal(headIsAnother(head, commit));
    return;
  }
  if (context.at === null) throw new Refusal(nameTheCommit(head));
  // A fork that is gone gets no new commits.
  if (pushedAt !== null && Date.parse(pushedAt) >= Date.parse(context.at))
    throw new Refusal(headMayHaveMoved(head));
}
