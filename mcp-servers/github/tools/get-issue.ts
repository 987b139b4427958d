import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { issueNumber } from "../inputs.ts";
import { labelName, Person, personOf } from "../shapes.ts";

/** The newest comments are the ones that matter. */
const maxComments = 50;

export const getIssue = githubTool({
  name: "getIssue",
  description: `Get an issue: title, body, labels, state, author and the last ${maxComments} comments.`,
  effect: "read",
  permissions: { issues: "read" },
  input: z.object({ owner, repo, number: issueNumber }),
  output: z.object({
    number: z.number(),
    title: z.string(),
    body: z.string(),
    state: z.string(),
    labels: z.array(z.string()),
    author: Person,
    url: z.string(),
    comments: z.array(z.object({ id: z.number(), author: Person, body: z.string(), createdAt: z.string() })),
    earlierComments: z.number().describe("How many comments there are before these"),
  }),
  async run({ owner, repo, number }, octokit) {
    const issue = { owner, repo, issue_number: number };
    const { data } = await octokit.rest.issues.get(issue);
    const page = Math.max(1, Math.ceil(data.comments / maxComments));
    const pages = data.comments === 0 ? [] : page > 1 ? [page - 1, page] : [page];
    const lists = await Promise.all(
      pages.map((at) => octokit.rest.issues.listComments({ ...issue, per_page: maxComments, page: at })),
    );
    const comments = lists.flatMap(({ data }) => data).slice(-maxComments);
    return {
      number: data.number,
      title: data.title,
      body: data.body ?? "",
      state: data.state,
      labels: data.labels.map(labelName),
      author: personOf(data.user),
      url: data.html_url,
      comments: comments
        .filter((comment) => comment.user?.type !== "Bot")
        .map((comment) => ({
          id: comment.id,
          author: personOf(comment.user),
          body: comment.body ?? "",
          createdAt: comment.created_at,
        })),
      earlierComments: data.comments - comments.length,
    };
  },
});
