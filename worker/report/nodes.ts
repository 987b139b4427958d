import type { Octokit } from "../../shared/github.ts";
import type { Trigger } from "../../shared/trigger.ts";
import { unlessGone } from "../../shared/unless-gone.ts";

/** GraphQL's ids of what a report is written to. */
export type Nodes = {
  repository(): Promise<string>;
  /** Of the issue or pull request; undefined when it is gone. */
  issue(): Promise<string | undefined>;
};

/** As the webhook told them. What it did not tell is asked for, once a report. */
export function nodesOf(octokit: Octokit, { repository, issue }: Trigger): Nodes {
  const target = { owner: repository.owner, repo: repository.name };
  const askRepository = async () => (await octokit.rest.repos.get(target)).data.node_id;
  const askIssue = async () =>
    (await unlessGone(octokit.rest.issues.get({ ...target, issue_number: issue.number })))?.data.node_id;
  return {
    repository: once(async () => repository.node ?? (await askRepository())),
    issue: once(async () => issue.node ?? (await askIssue())),
  };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
