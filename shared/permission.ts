import { z } from "zod";
import { type Role, roles } from "./role.ts";

type Answer = { data: { role_name?: string; permission: string; user?: { id: number } | null } };
/** What is asked of a client: that of Probot and that of the other processes are of different types. */
export type AskingRole = {
  rest: {
    repos: {
      getCollaboratorPermissionLevel(of: { owner: string; repo: string; username: string }): Promise<Answer>;
    };
  };
};

/**
 * Asks GitHub, now, for a person's role in a repository. The answer counts only when it is of the same numeric id:
 * names can change hands.
 */
export async function roleOf(
  octokit: AskingRole,
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
