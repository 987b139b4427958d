import { z } from "zod";
import { ToolFailure } from "../../shared/errors.ts";
import type { Octokit } from "../../shared/github.ts";
import type { Change } from "./changed-file.ts";
import type { FoundCommit } from "./find-commit.ts";

const mutation = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid url tree { oid } } }
}`;
const Answer = z.object({
  createCommitOnBranch: z.object({
    commit: z.object({ oid: z.string(), url: z.string(), tree: z.object({ oid: z.string() }) }),
  }),
});

/** Makes the commit in one request. It is refused when the branch has moved. */
export async function commitByGraphql(octokit: Octokit, change: Change): Promise<FoundCommit> {
  const [headline = "", ...rest] = change.message.split("\n");
  const input = {
    branch: { repositoryNameWithOwner: `${change.owner}/${change.repo}`, branchName: change.branch },
    expectedHeadOid: change.expectedHead,
    message: { headline, body: rest.join("\n").trim() },
    fileChanges: {
      additions: change.files.flatMap((file) =>
        "deleted" in file ? [] : [{ path: file.path, contents: file.content }],
      ),
      deletions: change.files.flatMap((file) => ("deleted" in file ? [{ path: file.path }] : [])),
    },
  };
  const answer = await octokit.graphql(mutation, { input }).catch((error: unknown) => {
    if (error instanceof Error && error.name === "GraphqlResponseError") {
      throw new ToolFailure(`Nothing was committed to ${change.branch}: ${error.message}`);
    }
    throw error;
  });
  const { oid, url, tree } = Answer.parse(answer).createCommitOnBranch.commit;
  return { sha: oid, tree: tree.oid, url };
}
