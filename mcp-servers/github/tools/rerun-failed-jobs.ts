import { z } from "zod";
import { messageOf, ToolFailure } from "../../../shared/errors.ts";
import { owner, repo } from "../../tool.ts";
import { githubTool, statusOf } from "../github-tool.ts";
import { existed, runId } from "../inputs.ts";

export const rerunFailedJobs = githubTool({
  name: "rerunFailedJobs",
  description:
    "Run the failed jobs of a run of GitHub Actions once more. A run that is past the given attempt is the answer too.",
  effect: "write",
  looksFirst: true,
  permissions: { actions: "write" },
  input: z.object({
    owner,
    repo,
    run: runId,
    attempt: z.number().int().positive().describe("The attempt that failed, from getWorkflowRun"),
  }),
  output: z.object({ attempt: z.number().describe("The attempt that runs, or ran"), existed }),
  async run({ owner, repo, run, attempt }, octokit) {
    const target = { owner, repo, run_id: run };
    const { data } = await octokit.rest.actions.getWorkflowRun(target);
    const at = data.run_attempt ?? 1;
    if (at > attempt) return { attempt: at, existed: true };
    await octokit.rest.actions.reRunWorkflowFailedJobs(target).catch((error: unknown) => {
      // So it says too that the run is under way again, which another call may have done.
      if (statusOf(error) !== 403) throw error;
      throw new ToolFailure(`The jobs of run ${run} were not started: ${messageOf(error)}`);
    });
    return { attempt: at + 1, existed: false };
  },
});
