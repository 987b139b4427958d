import { PermanentFault } from "../shared/errors.ts";
import type { GitHubApp } from "../shared/github.ts";
import { roleOf } from "../shared/permission.ts";
import { covers } from "../shared/role.ts";
import type { Claim } from "./engine/claim.ts";

/** The app has asked GitHub just before it wrote the execution's row: so long that answer counts. */
const freshMs = 60_000;

/**
 * Asks GitHub, before an execution begins that has waited, whether who set it off still has the role for it. Throws a
 * `PermanentFault` that says which role is missing.
 */
export async function requireSender(
  { trigger, config, wish }: Pick<Claim, "trigger" | "config" | "wish">,
  { github }: { github: GitHubApp },
): Promise<void> {
  const { needs, at, sender, installation, repository } = trigger;
  const hasBegun = config !== null;
  if (hasBegun || wish === "cancel" || needs === undefined) return;
  if (at !== undefined && Date.now() - Date.parse(at) < freshMs) return;

  const repo = repository.name;
  const octokit = github.octokitFor({ installation, repo, permissions: { metadata: "read" } });
  const role = await roleOf(octokit, { owner: repository.owner, repo }, sender);
  if (covers(role, needs)) return;
  throw new PermanentFault(
    `\`${sender.login}\`, who set this off, may not any more: it needs the role \`${needs}\` in this repository, and theirs is \`${role}\` now. Somebody who has it can start it with \`/afu9 run\`.`,
  );
}
