import type { Around } from "./around.ts";
import type { Snapshot } from "./snapshot.ts";

/** The check run of an execution on a commit: one that its row does not know of, or not by GraphQL's id. */
export async function findCheckRun(
  { id, trigger, checkRunId }: Snapshot,
  ref: string,
  { octokit, appId }: Pick<Around, "octokit" | "appId">,
): Promise<{ id: bigint; node: string; annotations: number } | undefined> {
  const { data } = await octokit.rest.checks.listForRef({
    owner: trigger.repository.owner,
    repo: trigger.repository.name,
    ref,
    check_name: "AFU-9",
    app_id: appId,
    filter: "all",
    per_page: 100,
  });
  const found = data.check_runs.find((run) => run.external_id === id || BigInt(run.id) === checkRunId);
  return found && { id: BigInt(found.id), node: found.node_id, annotations: found.output.annotations_count };
}
