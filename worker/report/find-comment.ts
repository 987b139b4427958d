import type { Octokit } from "../../shared/github.ts";
import { unlessGone } from "../../shared/unless-gone.ts";
import type { Snapshot } from "./snapshot.ts";

/** The clocks of the database and of GitHub may differ by this much. */
const clockSkewMs = 10 * 60_000;

/** Finds what begins with a marker. Only a comment of the App itself counts: what people write may hold the marker too. */
export async function findComment(
  octokit: Octokit,
  { trigger, createdAt }: Pick<Snapshot, "trigger" | "createdAt">,
  appId: number,
  marker: string,
): Promise<{ id: bigint; node: string } | undefined> {
  const { repository, issue } = trigger;
  const comments = await unlessGone(
    octokit.paginate(octokit.rest.issues.listComments, {
      owner: repository.owner,
      repo: repository.name,
      issue_number: issue.number,
      since: new Date(createdAt.getTime() - clockSkewMs).toISOString(),
      per_page: 100,
    }),
  );
  const found = comments?.find(
    ({ user, performed_via_github_app: app, body }) =>
      user?.type === "Bot" && app?.id === appId && body?.startsWith(marker),
  );
  return found && { id: BigInt(found.id), node: found.node_id };
}
