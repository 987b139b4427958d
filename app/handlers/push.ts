import type { Context } from "probot";
import { configSource, forgetConfigFile, saveConfigCommit } from "../../shared/config-files.ts";
import { ownersRepository } from "../../shared/effective-config.ts";
import { fetchConfigFile } from "../../shared/fetch-config-file.ts";
import { repositoryConfigPath } from "../../shared/repository-config.ts";
import { reportConfigCheck } from "../config-check-run.ts";
import { configNames } from "../config-names.ts";
import type { AppDeps } from "../deps.ts";
import { doubtsAbout } from "../doubtful-config.ts";

/**
 * A push to the default branch that changes the configuration: what was kept of it is read anew, and a check run on the
 * commit says whether it can be used.
 */
export async function onPush(context: Context<"push">, deps: AppDeps): Promise<void> {
  const { ref, after, deleted, repository } = context.payload;
  if (deleted || ref !== `refs/heads/${repository.default_branch}` || !mayChangeConfig(context.payload))
    return;
  const { pool } = deps.db;
  const source = configSource.repository(repository.id);
  await forgetConfigFile(pool, source);
  const { owner, repo } = context.repo();
  if (repo.toLowerCase() === ownersRepository) await forgetConfigFile(pool, configSource.owner(owner));

  const fetched = await fetchConfigFile(context.octokit, { owner, repo, ref: after });
  if (fetched.is === "unchanged") return;
  const { files } = await deps.configs.effectiveOf(context);
  if (fetched.is === "usable") await saveConfigCommit(pool, source, { sha: fetched.sha, commit: after });
  const doubts = fetched.is === "usable" ? doubtsAbout(fetched.text, await configNames(context, deps)) : [];
  const holds = files.repository?.sha ?? null;
  await reportConfigCheck(context, { commit: after, fetched, doubts, isInForce: true, holds }, deps.appId);
}

type Pushed = Pick<Context<"push">["payload"], "commits" | "forced" | "created">;

/** GitHub lists the commits that are new. What a branch was set back from is not among them. */
function mayChangeConfig({ commits, forced, created }: Pushed): boolean {
  if (forced || created) return true;
  return commits.some((commit) =>
    [commit.added, commit.modified, commit.removed].some((paths) => paths?.includes(repositoryConfigPath)),
  );
}
