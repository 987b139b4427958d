import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { query } from "../graphql.ts";
import { existed, pullNumber } from "../inputs.ts";

/** REST can't do it. */
const mutation = `mutation ($id: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`;
const Answer = z.object({
  markPullRequestReadyForReview: z.object({ pullRequest: z.object({ isDraft: z.boolean() }) }),
});

export const markReadyForReview = githubTool({
  name: "markReadyForReview",
  description:
    "Turn a draft into a pull request that is ready for review. One that is ready already is the answer too.",
  effect: "write",
  looksFirst: true,
  permissions: { pull_requests: "write" },
  input: z.object({ owner, repo, number: pullNumber }),
  output: z.object({ number: z.number(), existed }),
  async run({ owner, repo, number }, octokit) {
    const { data } = await octokit.rest.pulls.get({ owner, repo, pull_number: number });
    if (!data.draft) return { number, existed: true };
    await query(octokit, mutation, { id: data.node_id }, Answer);
    return { number, existed: false };
  },
});
