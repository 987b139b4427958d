import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { branch } from "../inputs.ts";
import { Pull, pullOf } from "../shapes.ts";

export const listPullRequests = githubTool({
  name: "listPullRequests",
  description: "List pull requests, newest first, at most 100.",
  effect: "read",
  permissions: { pull_requests: "read" },
  input: z.object({
    owner,
    repo,
    state: z.enum(["open", "closed", "all"]).default("open").describe("Which pull requests"),
    head: branch.optional().describe("Only those from this branch"),
    base: branch.optional().describe("Only those into this branch"),
  }),
  output: z.object({ pullRequests: z.array(Pull), mayHaveMore: z.boolean() }),
  async run({ owner, repo, state, head, base }, octokit) {
    const from = head && `${owner}:${head}`;
    const { data } = await octokit.rest.pulls.list({ owner, repo, state, head: from, base, per_page: 100 });
    return { pullRequests: data.map(pullOf), mayHaveMore: data.length === 100 };
  },
});
