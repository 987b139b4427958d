import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { failures } from "../failures.ts";
import { githubTool } from "../github-tool.ts";
import { sha } from "../inputs.ts";

const Run = z.object({
  id: z.number(),
  name: z.string(),
  attempt: z.number(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  url: z.string(),
});

export const listWorkflowRuns = githubTool({
  name: "listWorkflowRuns",
  description:
    "List the newest runs of GitHub Actions of a commit (at most 50), and those among them that failed.",
  effect: "read",
  permissions: { actions: "read" },
  input: z.object({ owner, repo, sha: sha.describe("The commit that ran") }),
  output: z.object({ runs: z.array(Run), failed: z.array(Run) }),
  async run({ owner, repo, sha }, octokit) {
    const { data } = await octokit.rest.actions.listWorkflowRunsForRepo({
      owner,
      repo,
      head_sha: sha,
      per_page: 50,
    });
    const runs = data.workflow_runs.map((run) => ({
      id: run.id,
      name: run.name ?? "",
      attempt: run.run_attempt ?? 1,
      status: run.status,
      conclusion: run.conclusion,
      url: run.html_url,
    }));
    return { runs, failed: runs.filter(({ conclusion }) => failures.includes(conclusion ?? "")) };
  },
});
