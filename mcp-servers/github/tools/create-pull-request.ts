import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool, refusalOf } from "../github-tool.ts";
import { branch, existed } from "../inputs.ts";
import { Pull, pullOf } from "../shapes.ts";

export const createPullRequest = githubTool({
  name: "createPullRequest",
  description:
    "Open a pull request. One that is open already from the same branch is the answer, and stays as it is.",
  effect: "write",
  looksFirst: true,
  permissions: { pull_requests: "write", contents: "read" },
  input: z.object({
    owner,
    repo,
    head: branch.describe("The branch with the change"),
    base: branch.describe("The branch it shall go into"),
    title: z.string().min(1).max(256).describe("The title"),
    body: z.string().max(65_536).describe("The text, in Markdown"),
    draft: z.boolean().optional().describe("Whether it is not ready for review yet"),
  }),
  output: Pull.extend({ existed }),
  async run({ owner, repo, head, base, title, body, draft }, octokit) {
    const making = octokit.rest.pulls.create({ owner, repo, head, base, title, body, draft });
    const refusal = await refusalOf(making);
    if (!refusal) return { ...pullOf((await making).data), existed: false };
    const { data: open } = await octokit.rest.pulls.list({
      owner,
      repo,
      head: `${owner}:${head}`,
      base,
      state: "open",
    });
    if (!open[0]) throw refusal;
    return { ...pullOf(open[0]), existed: true };
  },
});
