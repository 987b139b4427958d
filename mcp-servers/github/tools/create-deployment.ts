import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { environment, existed, sha } from "../inputs.ts";

export const createDeployment = githubTool({
  name: "createDeployment",
  description:
    "Tell GitHub that a commit is deployed to an environment. It deploys nothing by itself. " +
    "A deployment that the same execution made of that commit there is the answer.",
  effect: "write",
  permissions: { deployments: "write" },
  input: z.object({
    owner,
    repo,
    sha: sha.describe("The commit"),
    environment,
    description: z.string().max(140).optional().describe("A short text"),
    requiredChecks: z
      .array(z.string().min(1).max(100))
      .max(50)
      .default([])
      .describe("Checks of the commit that must have succeeded"),
  }),
  output: z.object({ id: z.number(), sha: z.string(), environment: z.string(), existed }),
  async run({ owner, repo, sha, environment, description, requiredChecks }, octokit, { capability }) {
    const { execution } = capability;
    const known = await octokit.paginate(octokit.rest.repos.listDeployments, {
      owner,
      repo,
      sha,
      environment,
      per_page: 100,
    });
    // A person who writes the payload must not keep the deployment from being made.
    const found = known.find(
      ({ creator, payload }) => creator?.type === "Bot" && executionOf(payload) === execution,
    );
    if (found) return { id: found.id, sha: found.sha, environment: found.environment, existed: true };
    const { data } = await octokit.rest.repos.createDeployment({
      owner,
      repo,
      ref: sha,
      environment,
      description,
      auto_merge: false,
      required_contexts: requiredChecks,
      payload: { execution },
    });
    if (!("id" in data)) throw new Error(`GitHub made no deployment of ${sha}: ${data.message}`);
    return { id: data.id, sha: data.sha, environment: data.environment, existed: false };
  },
});

const Payload = z.object({ execution: z.string() });

/** GitHub gives the payload back as an object or as its text. */
function executionOf(payload: unknown): string | undefined {
  const given = typeof payload === "string" ? parsed(payload) : payload;
  return Payload.safeParse(given).data?.execution;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
