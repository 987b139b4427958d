// Who somebody is to AFU-9: what it did itself starts nothing, and programs that the operator does not know neither.
import { type AskingRole, roleOf } from "../../shared/permission.ts";
import type { Role } from "../../shared/role.ts";
import type { PolicySettings } from "./policy-settings.ts";

/** Who made a thing on GitHub: a comment, an issue. */
export type Maker = {
  user?: { id?: number; type?: string | undefined } | null;
  performed_via_github_app?: { id?: number | null } | null;
};

/**
 * `let-in`: a bot on the operator's list. `own`: this App, also in a person's name. `app`: an App in a person's name that is not on
 * the list; whether the person knows of it can't be told.
 */
export type Standing = "person" | "let-in" | "own" | "bot" | "app";

type Known = {
  appId: number;
  policy: Pick<PolicySettings, "AFU9_ALLOWED_BOTS" | "AFU9_ALLOWED_APPS">;
};

/** `made` is what the event is about, when it came into being with it. */
export function standingOf(
  sender: { id: number; type: string },
  { appId, policy }: Known,
  made: Maker = {},
): Standing {
  const app = made.performed_via_github_app?.id ?? undefined;
  if (app === appId) return "own";
  if (sender.type === "Bot" || made.user?.type === "Bot") {
    const isItself = sender.type === "Bot" && (made.user?.id ?? sender.id) === sender.id;
    return isItself && policy.AFU9_ALLOWED_BOTS.has(sender.id) ? "let-in" : "bot";
  }
  return app === undefined || policy.AFU9_ALLOWED_APPS.has(app) ? "person" : "app";
}

/**
 * The App that opened an issue in a person's name, unless the operator knows it: who labels such an issue, the person or the
 * App, can't be told.
 */
export function openedBy(issue: Maker, { appId, policy }: Known): "own" | "app" | undefined {
  const app = issue.performed_via_github_app?.id ?? undefined;
  if (app === undefined || issue.user?.type === "Bot") return undefined;
  if (app === appId) return "own";
  return policy.AFU9_ALLOWED_APPS.has(app) ? undefined : "app";
}

/** What is asked for by whom. GitHub knows no role of a bot: one that the operator let in counts as `write`, and no more. */
export async function roleOfSender(
  standing: Standing,
  {
    octokit,
    repository,
    sender,
  }: {
    octokit: AskingRole;
    repository: { owner: string; repo: string };
    sender: { id: number; login: string };
  },
): Promise<Role> {
  if (standing === "let-in") return "write";
  return standing === "person" ? roleOf(octokit, repository, sender) : "none";
}
