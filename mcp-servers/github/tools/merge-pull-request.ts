import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { existed, pullNumber, sha } from "../inputs.ts";

export const mergePullRequest = githubTool({
  name: "mergePullRequest",
  description: "Merge a pull request. One that is merged already is the answer too.",
  effect: "write",
  idempotent: true,
  permissions: { contents: "write", pull_requests: "write" },
  input: z.object({
    owner,
    repo,
    number: pullNumber,
    method: z
      .enum(["merge", "squash", "rebase"])
      .default("merge")
      .describe("How the commits go into the base"),
    sha: sha.optional().describe("The head that it must have; when it has moved, nothing is merged"),
  }),
  output: z.object({ sha: z.string().nullable(), merged: z.boolean(), existed }),
  async run({ owner, repo, number, method, sha }, octokit) {
    const pull = { owner, repo, pull_number: number };
    const { data: before } = await octokit.rest.pulls.get(pull);
    if (before.merged) return { sha: before.merge_commit_sha, merged: true, existed: true };
    const { data } = await octokit.rest.pulls.merge({ ...pull, merge_method: method, sha });
    return { sha: data.sha, merged: data.merged, existed: false };
  },
});
