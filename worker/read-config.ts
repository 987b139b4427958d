// A repository's `.github/afu9.yml`, read once for each execution: it is judged by one version of it, whoever runs it.
import { PermanentFault, Refusal } from "../shared/errors.ts";
import {
  parseRepositoryConfig,
  RepositoryConfig,
  repositoryConfigPath,
} from "../shared/repository-config.ts";
import type { Claim } from "./engine/claim.ts";
import { held, StaleLease } from "./engine/lease.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/**
 * The configuration as it was on the default branch when the execution began. Without the file, the defaults. Throws a
 * `PermanentFault` that says what is wrong with the file; of an execution that is being cancelled nothing is read.
 */
export async function readConfig(
  claim: Claim,
  deps: Pick<WorkerDeps, "db" | "github">,
): Promise<RepositoryConfig> {
  if (claim.config !== null) return RepositoryConfig.parse(claim.config);
  if (claim.wish === "cancel") return RepositoryConfig.parse({});

  const config = parsed(await readFile(claim, deps));
  const { rowCount } = await deps.db.pool.query(
    `WITH ${held} UPDATE workflow_executions e SET config = $3 FROM held WHERE e.id = held.id`,
    [claim.id, claim.fence, JSON.stringify(config)],
  );
  if (!rowCount) throw new StaleLease(claim.id);
  return config;
}

async function readFile({ trigger }: Claim, { github }: Pick<WorkerDeps, "github">): Promise<string> {
  const { owner, name: repo, defaultBranch } = trigger.repository;
  const scope = { installation: trigger.installation, repo, permissions: { contents: "read" } as const };
  const answer = await github
    .octokitFor(scope)
    .rest.repos.getContent({
      ...{ owner, repo, path: repositoryConfigPath, ref: defaultBranch },
      mediaType: { format: "raw" },
    })
    .catch((error: { status?: number }) => {
      if (error.status === 404) return { data: "" };
      throw error;
    });
  // Of a folder by that name GitHub sends a list.
  return typeof answer.data === "string" ? answer.data : "";
}

function parsed(text: string): RepositoryConfig {
  try {
    return parseRepositoryConfig(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new PermanentFault(`${error.message}. Correct it on the default branch, then \`/afu9 retry\`.`);
  }
}
