import { type CheckRun, type Hub, nodeId, type Repository } from "../hub.ts";
import { showApp } from "./account.ts";
import { showPullInList } from "./pull.ts";
import { repositoryApi, repositoryPage } from "./repository.ts";

export function showCheckRun(hub: Hub, repository: Repository, run: CheckRun) {
  const url = `${repositoryApi(hub, repository)}/check-runs/${run.id}`;
  const page = `${repositoryPage(hub, repository)}/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("CR", run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: showApp(hub, run.app),
    pull_requests: openPullsAt(hub, repository, run.headSha),
  };
}

function openPullsAt(hub: Hub, repository: Repository, sha: string) {
  const repo = { id: repository.id, url: repositoryApi(hub, repository), name: repository.name };
  return repository.issues
    .filter((issue) => issue.state === "open" && issue.pull?.head.sha === sha)
    .map((issue) => {
      const { id, number, url, head, base } = showPullInList(hub, repository, issue);
      return {
        id,
        number,
        url,
        head: { ref: head.ref, sha: head.sha, repo },
        base: { ref: base.ref, sha: base.sha, repo },
      };
    });
}

/** As check_run events carry it: with the suite spelled out. */
export function showCheckRunInEvent(hub: Hub, repository: Repository, run: CheckRun) {
  const shown = showCheckRun(hub, repository, run);
  return { ...shown, check_suite: showCheckSuite(hub, repository, run), deployment: undefined };
}

/** The suite of a run: the runs of one App on one commit. */
export function showCheckSuite(hub: Hub, repository: Repository, run: CheckRun) {
  const head = repository.issues.find((issue) => issue.pull?.head.sha === run.headSha)?.pull?.head;
  return {
    id: run.suiteId,
    node_id: nodeId("CS", run.suiteId),
    head_branch: head?.ref ?? null,
    head_sha: run.headSha,
    status: run.status,
    conclusion: run.conclusion,
    url: `${repositoryApi(hub, repository)}/check-suites/${run.suiteId}`,
    before: null,
    after: run.headSha,
    pull_requests: openPullsAt(hub, repository, run.headSha),
    app: showApp(hub, run.app),
    created_at: run.startedAt,
    updated_at: run.completedAt ?? run.startedAt,
  };
}
