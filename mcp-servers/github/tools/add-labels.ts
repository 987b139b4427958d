import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { label } from "../inputs.ts";

export const addLabels = githubTool({
  name: "addLabels",
  description:
    "Add labels to an issue or a pull request. Those that it has already stay; GitHub makes labels that are new.",
  effect: "write",
  permissions: { issues: "write" },
  input: z.object({
    owner,
    repo,
    number: z.number().int().positive().describe("The number of the issue or pull request"),
    labels: z.array(label).min(1).max(20).describe("The labels' names"),
  }),
  output: z.object({ labels: z.array(z.string()).describe("All labels that it has afterwards") }),
  async run({ owner, repo, number, labels }, octokit) {
    const { data } = await octokit.rest.issues.addLabels({ owner, repo, issue_number: number, labels });
    return { labels: data.map(({ name }) => name) };
  },
});
