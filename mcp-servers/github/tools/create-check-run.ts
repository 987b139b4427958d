import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { CheckRun, checkRunOf, checkRunState, stateFields } from "../check-run.ts";
import { githubTool } from "../github-tool.ts";
import { existed, sha } from "../inputs.ts";

export const createCheckRun = githubTool({
  name: "createCheckRun",
  description:
    "Make a check run on a commit. One of that name which the same execution made there is the answer, and stays as it is.",
  effect: "write",
  permissions: { checks: "write" },
  input: z.object({
    owner,
    repo,
    sha: sha.describe("The commit"),
    name: z
      .string()
      .max(100)
      .regex(/^[\p{L}\p{N}][^\p{Cc}]*$/u, "expected a name")
      .describe("The check's name"),
    ...checkRunState,
  }),
  output: CheckRun.extend({ existed }),
  async run({ owner, repo, sha, name, ...state }, octokit, { capability, appId }) {
    const external_id = `${capability.execution}/${name}`;
    const runs = await octokit.paginate(octokit.rest.checks.listForRef, {
      owner,
      repo,
      ref: sha,
      check_name: name,
      app_id: appId,
      filter: "all",
      per_page: 100,
    });
    const found = runs.find((run) => run.external_id === external_id);
    if (found) return { ...checkRunOf(found), existed: true };
    const { data } = await octokit.rest.checks.create({
      owner,
      repo,
      head_sha: sha,
      name,
      external_id,
      ...stateFields(state),
    });
    return { ...checkRunOf(data), existed: false };
  },
});
