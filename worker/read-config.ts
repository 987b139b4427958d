// What a repository says of itself, read once for each execution: it is judged by one version of it, whoever runs it.
import { codeBlock } from "../shared/code-block.ts";
import { type EffectiveConfig, readEffectiveConfig } from "../shared/effective-config.ts";
import { RepositoryConfig } from "../shared/repository-config.ts";
import type { Claim } from "./engine/claim.ts";
import { held, StaleLease } from "./engine/lease.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** What the app has just read to start the execution need not be asked for again. A push makes it be. */
const maxAge = 60;

/**
 * The configuration as it was on the default branch when the execution began. A file that can't be used leaves in force
 * what was there before, and the execution's report says so. Of an execution that is being cancelled nothing is read.
 */
export async function readConfig(
  claim: Claim,
  deps: Pick<WorkerDeps, "db" | "github" | "publicUrl">,
): Promise<RepositoryConfig> {
  if (claim.config !== null) return RepositoryConfig.parse(claim.config);
  if (claim.wish === "cancel") return RepositoryConfig.parse({});

  const { installation, repository } = claim.trigger;
  const permissions = { contents: "read" } as const;
  const effective = await readEffectiveConfig(deps.db.pool, repository, {
    octokitFor: (repo) => deps.github.octokitFor({ installation, repo, permissions }),
    maxAge,
  });
  const { rowCount } = await deps.db.pool.query(
    `WITH ${held} UPDATE workflow_executions e SET config = $3, config_notice = $4, public_url = $5 FROM held WHERE e.id = held.id`,
    [claim.id, claim.fence, JSON.stringify(effective.config), noticeOf(effective), deps.publicUrl ?? null],
  );
  if (!rowCount) throw new StaleLease(claim.id);
  return effective.config;
}

/** What is wrong with the files and what was gone by instead, in Markdown; null when nothing is. What they say mentions nobody. */
function noticeOf({ broken, files }: EffectiveConfig): string | null {
  const notices = broken.map(({ of, faults }) => {
    const file = of === "owner" ? "The owner's `.github/afu9.yml`" : "`.github/afu9.yml`";
    const instead = files[of]?.text
      ? "the last version that could be used"
      : "what holds without it: there is no earlier version that can be used";
    const lines = faults.slice(0, 20).map(({ line, message }) => `${line}: ${message}`);
    return `${file} can't be used as it is now, so this goes by ${instead}.\n\n${codeBlock(lines.join("\n"))}`;
  });
  return notices.length > 0 ? notices.join("\n\n") : null;
}
