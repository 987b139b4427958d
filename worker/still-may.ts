import type { GitHubApp } from "../shared/github.ts";
import { roleOf } from "../shared/permission.ts";
import { covers, type Role } from "../shared/role.ts";
import type { Trigger } from "../shared/trigger.ts";

/** The app has asked GitHub just before it wrote a row: so long that answer counts. */
export const freshMs = 60_000;

type Person = { id: number; login: string };

/** Asks GitHub, now, whether a person has a role in an execution's repository. Gives the role that they have when it does not do. */
export async function roleWithout(
  person: Person,
  needs: Role,
  { trigger, github }: { trigger: Pick<Trigger, "installation" | "repository">; github: GitHubApp },
): Promise<Role | undefined> {
  const { installation, repository } = trigger;
  const repo = repository.name;
  const octokit = github.octokitFor({ installation, repo, permissions: { metadata: "read" } });
  const role = await roleOf(octokit, { owner: repository.owner, repo }, person);
  return covers(role, needs) ? undefined : role;
}
