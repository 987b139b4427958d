import type { Context } from "probot";
import { configSource, keptConfigFile } from "../../shared/config-files.ts";
import { fetchConfigFile } from "../../shared/fetch-config-file.ts";
import { reportConfigCheck } from "../config-check-run.ts";
import { configNames } from "../config-names.ts";
import type { AppDeps } from "../deps.ts";
import { doubtsAbout } from "../doubtful-config.ts";

type Types = "opened" | "reopened" | "synchronize";

/**
 * A pull request into the default branch whose file is another than there: a check run on its head says whether that one
 * can be used. AFU-9's own never change it, so nothing is asked for them.
 */
export async function onChangedConfig(
  context: Context<`pull_request.${Types}`>,
  deps: AppDeps,
): Promise<void> {
  const { pull_request: pull, repository, sender } = context.payload;
  if (pull.base.ref !== repository.default_branch || sender.type === "Bot") return;

  const { owner, repo } = context.repo();
  const commit = pull.head.sha;
  const fetched = await fetchConfigFile(context.octokit, { owner, repo, ref: commit });
  if (fetched.is === "unchanged" || fetched.is === "absent") return;
  const kept =
    (await keptConfigFile(deps.db.pool, configSource.repository(repository.id))) ??
    (await deps.configs.effectiveOf(context)).files.repository;
  if (fetched.sha === (kept?.brokenSha ?? kept?.sha)) return;
  const doubts = fetched.is === "usable" ? doubtsAbout(fetched.text, await configNames(context, deps)) : [];
  const holds = kept?.sha ?? null;
  await reportConfigCheck(context, { commit, fetched, doubts, isInForce: false, holds }, deps.appId);
}
