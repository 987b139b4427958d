import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool, orMissing } from "../github-tool.ts";
import { label } from "../inputs.ts";

export const removeLabel = githubTool({
  name: "removeLabel",
  description: "Remove a label from an issue or a pull request. One that is not there is gone too.",
  effect: "write",
  permissions: { issues: "write" },
  input: z.object({
    owner,
    repo,
    number: z.number().int().positive().describe("The number of the issue or pull request"),
    label,
  }),
  output: z.object({
    labels: z.array(z.string()).describe("All labels that it has afterwards"),
    removed: z.boolean().describe("Whether it was there"),
  }),
  async run({ owner, repo, number, label }, octokit) {
    const target = { owner, repo, issue_number: number };
    const { data: before } = await octokit.rest.issues.listLabelsOnIssue({ ...target, per_page: 100 });
    const names = before.map(({ name }) => name);
    const isThere = names.some((name) => name.toLowerCase() === label.toLowerCase());
    if (!isThere) return { labels: names, removed: false };
    // Somebody else may remove it at the same time.
    const after = await orMissing(octokit.rest.issues.removeLabel({ ...target, name: label }));
    if (after) return { labels: after.data.map(({ name }) => name), removed: true };
    return { labels: names.filter((name) => name.toLowerCase() !== label.toLowerCase()), removed: false };
  },
});
