import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";

export const addReaction = githubTool({
  name: "addReaction",
  description:
    "React to an issue or a pull request, or to a comment on one. GitHub keeps one reaction of a kind from each account.",
  effect: "write",
  permissions: { issues: "write" },
  input: z.object({
    owner,
    repo,
    number: z.number().int().positive().describe("The number of the issue or pull request"),
    comment: z.number().int().positive().optional().describe("The comment's id, to react to it instead"),
    content: z
      .enum(["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"])
      .describe("The reaction"),
  }),
  output: z.object({ id: z.number(), content: z.string() }),
  async run({ owner, repo, number, comment, content }, octokit) {
    const { reactions } = octokit.rest;
    const { data } = comment
      ? await reactions.createForIssueComment({ owner, repo, comment_id: comment, content })
      : await reactions.createForIssue({ owner, repo, issue_number: number, content });
    return { id: data.id, content: data.content };
  },
});
