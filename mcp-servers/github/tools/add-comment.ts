import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { existed } from "../inputs.ts";

export const addComment = githubTool({
  name: "addComment",
  description: "Comment on an issue or a pull request. With a marker, the same comment is never made twice.",
  effect: "write",
  permissions: { issues: "write" },
  input: z.object({
    owner,
    repo,
    number: z.number().int().positive().describe("The number of the issue or pull request"),
    body: z.string().min(1).max(65_000).describe("The text, in Markdown"),
    marker: z
      .string()
      .regex(/^[\w:.-]{1,100}$/)
      .optional()
      .describe("A key, hidden in the comment; if a comment has it already, that one is the answer"),
  }),
  output: z.object({ id: z.number(), url: z.string(), existed }),
  async run({ owner, repo, number, body, marker }, octokit) {
    const target = { owner, repo, issue_number: number };
    const hidden = marker && `<!-- afu9:${marker} -->`;
    if (hidden) {
      const comments = await octokit.paginate(octokit.rest.issues.listComments, { ...target, per_page: 100 });
      // A person who writes the marker must not keep the comment from being made.
      const found = comments.find(({ user, body }) => user?.type === "Bot" && body?.includes(hidden));
      if (found) return { id: found.id, url: found.html_url, existed: true };
    }
    const { data } = await octokit.rest.issues.createComment({
      ...target,
      body: hidden ? `${body}\n\n${hidden}` : body,
    });
    return { id: data.id, url: data.html_url, existed: false };
  },
});
