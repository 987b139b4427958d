import { readCommit } from "../git/commits.ts";
import { type Account, type Hub, nodeId, type Repository } from "../hub.ts";
import { findAccount } from "../lookups.ts";
import type { Job, WorkflowRun } from "../workflow-run.ts";
import { accountOfSignature, showAccount } from "./account.ts";
import { repositoryApi, repositoryPage, showRepository } from "./repository.ts";

export async function showWorkflowRun(hub: Hub, repository: Repository, run: WorkflowRun) {
  const api = repositoryApi(hub, repository);
  const url = `${api}/actions/runs/${run.id}`;
  const shown = showRepository(hub, repository);
  const actor = showAccount(hub, await actorOf(hub, repository, run));
  return {
    actor,
    triggering_actor: actor,
    check_suite_id: run.id,
    check_suite_node_id: nodeId("CS", run.id),
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    run_started_at: run.createdAt,
    id: run.id,
    name: run.name,
    node_id: nodeId("WFR", run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: `.github/workflows/${run.name.toLowerCase()}.yml`,
    display_title: run.name,
    run_number: 1,
    run_attempt: run.attempt,
    event: "push",
    status: run.status,
    conclusion: run.status === "completed" ? run.conclusion : null,
    workflow_id: 1,
    url,
    html_url: `${repositoryPage(hub, repository)}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.createdAt,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: `${api}/actions/workflows/1`,
    head_commit: await headCommit(hub, repository, run.headSha),
    repository: shown,
    head_repository: shown,
  };
}

/** Whoever made the head commit, unless somebody is named: who pushed it is not kept. */
export async function actorOf(hub: Hub, repository: Repository, run: WorkflowRun): Promise<Account> {
  const named = run.actor && findAccount(hub, run.actor);
  if (named) return named;
  const { author } = await readCommit(hub, repository, run.headSha);
  return accountOfSignature(hub, author) ?? repository.owner;
}

export async function headCommit(hub: Hub, repository: Repository, sha: string) {
  const { tree, message, author, committer } = await readCommit(hub, repository, sha);
  return { id: sha, tree_id: tree, message, timestamp: author.date, author, committer };
}

export function showJob(hub: Hub, repository: Repository, run: WorkflowRun, job: Job) {
  const api = repositoryApi(hub, repository);
  return {
    id: job.id,
    run_id: run.id,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: nodeId("CR", job.id),
    head_sha: run.headSha,
    head_branch: run.headBranch,
    workflow_name: run.name,
    name: job.name,
    url: `${api}/actions/jobs/${job.id}`,
    html_url: `${repositoryPage(hub, repository)}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.status === "completed" ? job.conclusion : null,
    created_at: run.createdAt,
    started_at: run.createdAt,
    completed_at: job.status === "completed" ? run.createdAt : null,
    check_run_url: `${api}/check-runs/${job.id}`,
    labels: ["ubuntu-latest"],
    runner_id: null,
    runner_name: null,
    runner_group_id: null,
    runner_group_name: null,
  };
}
