import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { existed, link } from "../inputs.ts";

export const createDeploymentStatus = githubTool({
  name: "createDeploymentStatus",
  description:
    "Tell GitHub how a deployment goes. A newest status that says the same is the answer. " +
    "A success makes earlier deployments to the environment inactive.",
  effect: "write",
  permissions: { deployments: "write" },
  input: z.object({
    owner,
    repo,
    deployment: z.number().int().positive().describe("The deployment's id, from createDeployment"),
    state: z
      .enum(["queued", "pending", "in_progress", "success", "failure", "error", "inactive"])
      .describe("How it goes"),
    description: z.string().max(140).default("").describe("A short text"),
    logUrl: link.optional().describe("Where its log is"),
    environmentUrl: link.optional().describe("Where the deployed thing is"),
  }),
  output: z.object({ id: z.number(), state: z.string(), existed }),
  async run({ owner, repo, deployment, state, description, logUrl, environmentUrl }, octokit) {
    const target = { owner, repo, deployment_id: deployment };
    const { data: newest } = await octokit.rest.repos.listDeploymentStatuses({ ...target, per_page: 1 });
    const [found] = newest.filter(
      (one) =>
        one.state === state && one.description === description && (one.log_url ?? "") === (logUrl ?? ""),
    );
    if (found) return { id: found.id, state, existed: true };
    const { data } = await octokit.rest.repos.createDeploymentStatus({
      ...target,
      state,
      description,
      log_url: logUrl,
      environment_url: environmentUrl,
    });
    return { id: data.id, state: data.state, existed: false };
  },
});
