// Which commit brought the version of a configuration file that is in force, so that people find it.
import type { Context } from "probot";
import { type ConfigFile, configSource, saveConfigCommit } from "../shared/config-files.ts";
import type { Database } from "../shared/db.ts";
import { ownersRepository } from "../shared/effective-config.ts";
import { repositoryConfigPath } from "../shared/repository-config.ts";

type Asking = Pick<Context, "octokit"> & {
  repo(): { owner: string; repo: string };
  payload: { repository: { id: number } };
};

/**
 * The address of the file's page at that commit. Undefined where that can't be told: a push was not heard of, and since
 * then the file has changed again.
 */
export async function configPage(
  of: "owner" | "repository",
  file: ConfigFile | undefined,
  { context, db, serverUrl }: { context: Asking; db: Database; serverUrl: string },
): Promise<string | undefined> {
  if (!file?.sha) return undefined;
  const { owner, repo: name } = context.repo();
  const repo = of === "owner" ? ownersRepository : name;
  const source =
    of === "owner" ? configSource.owner(owner) : configSource.repository(context.payload.repository.id);
  const commit = file.commit ?? (await newestCommit(file, { context, owner, repo }));
  if (!commit) return undefined;
  if (!file.commit) await saveConfigCommit(db.pool, source, { sha: file.sha, commit });
  return `${serverUrl}/${owner}/${repo}/blob/${commit}/${repositoryConfigPath}`;
}

/** What is broken was brought by a later commit than what is in force. */
async function newestCommit(
  file: ConfigFile,
  { context, owner, repo }: { context: Asking; owner: string; repo: string },
): Promise<string | undefined> {
  if (file.brokenSha !== null) return undefined;
  const { data } = await context.octokit.rest.repos.listCommits({
    ...{ owner, repo, path: repositoryConfigPath, per_page: 1 },
  });
  return data[0]?.sha;
}
