import { messageOf } from "../../shared/errors.ts";
import type { GitHubApp } from "../../shared/github.ts";
import type { Logger } from "../../shared/logger.ts";
import { react } from "../../shared/react.ts";
import type { Permissions } from "../../shared/scoped-auth.ts";
import type { Snapshot } from "./snapshot.ts";

/** Shows on the command that started an execution how it ended. What keeps GitHub from it keeps no report from being done. */
export async function reactToEnd(
  { id, trigger, status, finishedAt }: Pick<Snapshot, "id" | "trigger" | "status" | "finishedAt">,
  { github, permissions: usual, log }: { github: GitHubApp; permissions: Permissions; log: Logger },
): Promise<void> {
  const { source, installation, repository } = trigger;
  if (!source || finishedAt === null) return;
  const ofPull: Permissions = source.kind === "comment" ? {} : { pull_requests: "write" };
  const permissions = { ...usual, ...ofPull };
  try {
    const octokit = github.octokitFor({ installation, repo: repository.name, permissions });
    await react(octokit, source, status === "succeeded" ? "HOORAY" : "CONFUSED");
  } catch (error) {
    log.warn({ execution_id: id, error: messageOf(error) }, "reaction not made");
  }
}
