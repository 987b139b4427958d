import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { issueNumber } from "../inputs.ts";
import { labelName } from "../shapes.ts";

export const updateIssue = githubTool({
  name: "updateIssue",
  description: "Change an issue's title, body, state or labels. What is left out stays as it is.",
  effect: "write",
  idempotent: true,
  permissions: { issues: "write" },
  input: z.object({
    owner,
    repo,
    number: issueNumber,
    title: z.string().min(1).max(256).optional().describe("The new title"),
    body: z.string().max(65_536).optional().describe("The new text"),
    state: z.enum(["open", "closed"]).optional().describe("Open or close it"),
    labels: z.array(z.string()).optional().describe("All labels that it has afterwards"),
  }),
  output: z.object({
    number: z.number(),
    title: z.string(),
    state: z.string(),
    labels: z.array(z.string()),
    url: z.string(),
  }),
  async run({ owner, repo, number, ...changes }, octokit) {
    const { data } = await octokit.rest.issues.update({ owner, repo, issue_number: number, ...changes });
    return {
      number: data.number,
      title: data.title,
      state: data.state,
      labels: data.labels.map(labelName),
      url: data.html_url,
    };
  },
});
