import type { Context } from "probot";
import { z } from "zod";
import { type Role, roles } from "../../shared/role.ts";

type Octokit = Context["octokit"];

/**
 * Asks GitHub, now, for a person's role in a repository. The answer counts only when it is of the same numeric id:
 * names can change hands.
 */
export async function roleOf(
  octokit: Octokit,
  repository: { owner: string; repo: string },
  user: { id: number; login: string },
): Promise<Role> {
  const answer = await octokit.rest.repos
    .getCollaboratorPermissionLevel({ ...repository, username: user.login })
    .catch((error: { status?: number }) => {
      if (error.status === 404) return undefined;
      throw error;
    });
  if (answer?.data.user?.id !== user.id) return "none";

  // `role_name` tells triage and maintain apart; a custom role is known by the `permission` it builds on.
  const known = z.enum(roles);
  const role = known.safeParse(answer.data.role_name);
  return role.success ? role.data : known.catch("none").parse(answer.data.permission);
}
