import type { GitHubApp, Octokit } from "../../shared/github.ts";
import { unlessGone } from "../../shared/unless-gone.ts";

/** A repository that an installation reaches, as GitHub has it now. */
export type Reached = {
  id: number;
  owner: string;
  name: string;
  defaultBranch: string;
  isArchived: boolean;
};

export type Installation = { state: "removed" | "suspended" } | { state: "active"; repositories: Reached[] };

/** Asks GitHub how an installation is now: whatever the order in which events come, this is the truth. */
export async function readInstallation(
  id: number,
  github: Pick<GitHubApp, "asApp" | "octokitFor">,
): Promise<Installation> {
  const found = await unlessGone(github.asApp.rest.apps.getInstallation({ installation_id: id }));
  if (!found) return { state: "removed" };
  if (found.data.suspended_at) return { state: "suspended" };
  const octokit = github.octokitFor({ installation: id, repo: null, permissions: { metadata: "read" } });
  const list = octokit.rest.apps.listReposAccessibleToInstallation;
  const repositories = await octokit.paginate(list, { per_page: 100 });
  return { state: "active", repositories: repositories.map(reached) };
}

/** The installation that reaches a repository now, by a name that it has or had. */
export async function installationOn(
  asApp: Octokit,
  repository: { owner: string; name: string },
): Promise<number | undefined> {
  const { owner, name: repo } = repository;
  return (await unlessGone(asApp.rest.apps.getRepoInstallation({ owner, repo })))?.data.id;
}

/** A repository in GitHub's shape in our own. */
export function reached(repository: {
  id: number;
  name: string;
  owner: { login: string };
  default_branch: string;
  archived?: boolean;
}): Reached {
  return {
    id: repository.id,
    owner: repository.owner.login,
    name: repository.name,
    defaultBranch: repository.default_branch,
    isArchived: repository.archived ?? false,
  };
}
