import { z } from "zod";
import type { Octokit } from "../../../shared/github.ts";
import { outgoingText } from "../../../shared/outgoing-text.ts";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { existed, sha } from "../inputs.ts";
import { linkLines } from "../line-links.ts";

export const addComment = githubTool({
  name: "addComment",
  description:
    "Comment on an issue or a pull request. With a marker, the same comment is never made twice. It notifies nobody by name.",
  effect: "write",
  permissions: { issues: "write", contents: "read" },
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
    linesAt: sha
      .optional()
      .describe(
        "A commit: places such as `src/add.js:12` or `src/add.js:12-20`, as code, become links to its lines",
      ),
  }),
  output: z.object({ id: z.number(), url: z.string(), existed }),
  async run({ owner, repo, number, body, marker, linesAt }, octokit) {
    const target = { owner, repo, issue_number: number };
    const hidden = marker && `<!-- afu9:${marker} -->`;
    if (hidden) {
      const comments = await octokit.paginate(octokit.rest.issues.listComments, { ...target, per_page: 100 });
      // A person who writes the marker must not keep the comment from being made.
      const found = comments.find(({ user, body }) => user?.type === "Bot" && body?.includes(hidden));
      if (found) return { id: found.id, url: found.html_url, existed: true };
    }
    const inert = outgoingText(body);
    const text = linesAt ? await withLinks(octokit, { owner, repo, sha: linesAt }, inert) : inert;
    const { data } = await octokit.rest.issues.createComment({
      ...target,
      body: hidden ? `${text}\n\n${hidden}` : text,
    });
    return { id: data.id, url: data.html_url, existed: false };
  },
});

/** A place in a file that the commit does not have stays as it is. */
async function withLinks(
  octokit: Octokit,
  { owner, repo, sha }: { owner: string; repo: string; sha: string },
  text: string,
): Promise<string> {
  const { data } = await octokit.rest.git.getTree({ owner, repo, tree_sha: sha, recursive: "1" });
  const paths = new Set(data.tree.map(({ path }) => path));
  const { data: repository } = await octokit.rest.repos.get({ owner, repo });
  return linkLines(text, {
    files: `${repository.html_url}/blob/${sha}`,
    isFile: (path) => data.truncated || paths.has(path),
  });
}
