import type { Octokit } from "../../shared/github.ts";

type Run = { owner: string; repo: string; id: number; name: string; headSha: string };

/** So many other runs of the commit are looked at. */
const maxRuns = 5;

/**
 * Of jobs that failed, those that passed on the same commit: in an earlier attempt of the run, or in another run of the
 * same workflow. The code was the same, so it is not the code alone that they failed of.
 */
export async function passedBefore(octokit: Octokit, run: Run, failed: string[]): Promise<string[]> {
  if (failed.length === 0) return [];
  const { owner, repo, headSha } = run;
  const { data } = await octokit.rest.actions.listWorkflowRunsForRepo({
    owner,
    repo,
    head_sha: headSha,
    per_page: 50,
  });
  const others = data.workflow_runs.filter(({ id, name }) => id !== run.id && name === run.name);
  const passed = new Set<string>();
  for (const run_id of [run.id, ...others.slice(0, maxRuns).map(({ id }) => id)]) {
    const { data } = await octokit.rest.actions.listJobsForWorkflowRun({
      owner,
      repo,
      run_id,
      filter: "all",
      per_page: 100,
    });
    for (const job of data.jobs) if (job.conclusion === "success") passed.add(job.name);
  }
  return failed.filter((name) => passed.has(name));
}
