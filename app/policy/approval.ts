// Who may decide on what an execution asks for. GitHub is asked now, and without its answer nobody may.
import type { Context } from "probot";
import { messageOf, Refusal } from "../../shared/errors.ts";
import { roleOf } from "../../shared/permission.ts";
import { covers } from "../../shared/role.ts";
import { ApprovalRules } from "../../shared/step.ts";
import {
  couldNotAskWho,
  notInTeam,
  notTheRequester,
  refusedForRole,
  unreadableRules,
  wishes,
} from "../replies/who-may.ts";

export type Decider = {
  octokit: Context["octokit"];
  repository: { owner: string; repo: string };
  person: { id: number; login: string };
};

/** Throws a `Refusal` that says why, unless the person may decide by these rules. */
export async function requireDecider(
  { octokit, repository, person }: Decider,
  approval: { rules: unknown; requester: string },
): Promise<void> {
  const parsed = ApprovalRules.safeParse(approval.rules);
  if (!parsed.success) throw new Refusal(unreadableRules());
  const rules = parsed.data;
  if (rules["not-requester"] && approval.requester === String(person.id))
    throw new Refusal(notTheRequester());

  const role = await asked(() => roleOf(octokit, repository, person));
  // The answer is of this very person only when they have a role at all: names can change hands.
  if (role === "none" || !covers(role, rules.role))
    throw new Refusal(refusedForRole(wishes.letDecide, rules.role, role));
  if (rules.team && !(await asked(() => isInTeam(octokit, rules.team ?? "", person.login))))
    throw new Refusal(notInTeam(rules.team));
}

async function isInTeam(octokit: Decider["octokit"], team: string, username: string): Promise<boolean> {
  const [org = "", team_slug = ""] = team.split("/");
  const { data } = await octokit.rest.teams
    .getMembershipForUserInOrg({ org, team_slug, username })
    .catch((error: { status?: number }) => {
      if (error.status === 404) return { data: undefined };
      throw error;
    });
  return data?.state === "active";
}

async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw new Refusal(couldNotAskWho(messageOf(error)));
  }
}
