import type { Context } from "probot";
import { Refusal } from "../shared/errors.ts";
import type { Text } from "../shared/language.ts";
import { covers } from "../shared/role.ts";
import type { Asked, AskedIssue } from "./commands/command.ts";
import type { AppDeps } from "./deps.ts";
import type { Happened } from "./handlers/trigger-of.ts";
import { roleFor } from "./policy/command-roles.ts";
import { type Maker, openedBy, roleOfSender, standingOf } from "./policy/standing.ts";
import { type Asked as Asking, noteRefusal, refuseApp } from "./refusable.ts";
import { alreadyRunning, closed } from "./replies/starts.ts";
import { notForBots, refusedForRole } from "./replies/who-may.ts";
import type { SavedWorkflow } from "./start-execution.ts";
import { startOnIssue } from "./start-on-issue.ts";

type Mark = {
  kind: "label" | "assignment";
  /** What the person wants by it. */
  wish: Text;
  context: Marked;
};

/** The webhook of a mark, as far as it is looked at. */
type Marked = Pick<Asked, "id" | "repo"> &
  Pick<Context, "octokit"> & {
    payload: Happened["payload"] & { issue: Omit<AskedIssue, "state"> & { state?: string } & Maker };
  };

/**
 * Starts what somebody marked an issue for. Throws a `Refusal` that they are told. What is nobody's fault, or a bot's or an unknown
 * App's doing, is only written down.
 */
export async function startByMark(
  workflow: SavedWorkflow,
  { kind, wish, context }: Mark,
  { deps, asked }: { deps: AppDeps; asked: Asking },
): Promise<void> {
  const { sender, issue } = context.payload;
  if (issue.state !== "open") return noteRefusal(asked, closed("issue"));
  const standing = standingOf(sender, deps);
  if (standing === "bot") return noteRefusal(asked, notForBots(sender.login));
  if (openedBy(issue, deps) === "app") return refuseApp(asked, issue.performed_via_github_app ?? {});

  const { octokit } = context;
  const role = await roleOfSender(standing, { octokit, repository: context.repo(), sender });
  const needed = roleFor("label", await deps.configs.of(context));
  if (!covers(role, needed)) throw new Refusal(refusedForRole(wish, needed, role));
  const needs = standing === "person" ? needed : undefined;
  const started = await startOnIssue(workflow, context, deps, { kind, issue, at: issue.updated_at, needs });
  if ("already" in started) await noteRefusal(asked, alreadyRunning(started.already, "issue"));
}
