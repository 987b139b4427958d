import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { labelName, Person, personOf } from "../shapes.ts";

export const listIssues = githubTool({
  name: "listIssues",
  description: "List issues, newest first, at most 100. Pull requests are left out.",
  effect: "read",
  permissions: { issues: "read" },
  input: z.object({
    owner,
    repo,
    state: z.enum(["open", "closed", "all"]).default("open").describe("Which issues"),
    labels: z.array(z.string()).optional().describe("Only issues that have all of these labels"),
  }),
  output: z.object({
    issues: z.array(
      z.object({
        number: z.number(),
        title: z.string(),
        state: z.string(),
        labels: z.array(z.string()),
        author: Person,
      }),
    ),
    mayHaveMore: z.boolean(),
  }),
  async run({ owner, repo, state, labels }, octokit) {
    const { data } = await octokit.rest.issues.listForRepo({
      owner,
      repo,
      state,
      labels: labels?.join(","),
      per_page: 100,
    });
    const issues = data
      .filter((issue) => !issue.pull_request)
      .map(({ number, title, state, labels, user }) => ({
        number,
        title,
        state,
        labels: labels.map(labelName),
        author: personOf(user),
      }));
    return { issues, mayHaveMore: data.length === 100 };
  },
});
