import type { Context } from "probot";
import type { AppDeps } from "../deps.ts";
import { maxRounds, roundsOf } from "../policy/rounds.ts";
import { pullRequestOf } from "../pull-request-of.ts";
import { outOfRounds } from "../replies/starts.ts";
import { replyOnce } from "../reply.ts";
import { startOnEvent, workflowFor } from "../start-on-event.ts";

/**
 * The end of a run of GitHub Actions may start a workflow, on a pull request that AFU-9 opened. It is the one thing that
 * follows from what AFU-9 did itself: so it is bounded, until a person pushes to the branch.
 */
export async function onWorkflowRunCompleted(
  context: Context<"workflow_run.completed">,
  deps: AppDeps,
): Promise<void> {
  const { workflow_run: run, repository } = context.payload;
  if (run.head_repository?.id !== repository.id || !run.head_branch) return;
  const { conclusion } = run;
  const wanted = ({ conclusions }: { conclusions: string[] }) => conclusions.includes(conclusion ?? "");
  const workflow = await workflowFor("workflow_run", wanted, { context, deps });
  if (!workflow || !conclusion) return;

  const head = `${repository.owner.login}:${run.head_branch}`;
  const { data } = await context.octokit.rest.pulls.list({ ...context.repo(), head, state: "open" });
  // Of a commit that is no longer the head nothing is to be mended.
  const pull = data.find((one) => one.head.sha === run.head_sha);
  if (!pull) return;
  const pullRequest = await pullRequestOf(pull, deps.db);
  if (!pullRequest.byApp || pullRequest.isFork) return;
  if ((await roundsOf(pullRequest, context, deps)) >= maxRounds) {
    const key = `rounds:${pullRequest.head.sha}`;
    const text = outOfRounds(run.name ?? "", maxRounds);
    return replyOnce(context, { issue: pull.number, key, text }, deps);
  }
  const { id, run_attempt: attempt, html_url: url, name } = run;
  const about = {
    kind: "workflow_run" as const,
    at: run.updated_at,
    issue: pull,
    pullRequest,
    run: { id, attempt, name: name ?? "", conclusion, url },
  };
  await startOnEvent(workflow, about, { context, deps });
}
