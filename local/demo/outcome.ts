// What came of a demo, for people and for programs.
import { z } from "zod";
import type { GitHubClient } from "../github/client.ts";
import type { OpenedIssue } from "./open-issue.ts";
import type { Rows } from "./read-rows.ts";

/** What `--json` prints. */
export type Outcome = {
  pullRequest: {
    number: number;
    title: string;
    body: string | null;
    url: string;
    head: { branch: string; sha: string };
    base: { branch: string; sha: string };
    draft: boolean;
  } | null;
  /** `path` is the bare repository that holds the pull request's commits. Null when it is not kept. */
  repository: { path: string; owner: string; name: string } | null;
  checkRuns: { name: string; status: string; conclusion: string | null }[];
  execution: { id: string; status: string; error: string | null } | null;
  steps: { id: string; status: string; durationMs: number | null }[];
  tokens: { input: number; output: number; cacheRead: number; cacheWrite: number };
  costUsd: number;
  turns: number;
  seconds: number;
  /** Why there is no open pull request with a successful check run. */
  error?: string;
};

export const nothing: Outcome = {
  pullRequest: null,
  repository: null,
  checkRuns: [],
  execution: null,
  steps: [],
  tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  costUsd: 0,
  turns: 0,
  seconds: 0,
};

type Known = { rows: Rows; issue: OpenedIssue; github: GitHubClient; seconds: number; isFree: boolean };

/** Puts together what the rows and the local GitHub say. */
export async function readOutcome({ rows, issue, github, seconds, isFree }: Known): Promise<Outcome> {
  const { execution, steps, spent } = rows;
  const { path, owner, name, full_name: fullName } = issue.repository;
  const details = await github.repository(fullName);
  const number = openedNumber(rows);
  const pull = details.pulls.find((candidate) => candidate.number === number);
  const { turns, costUsd, ...tokens } = spent;
  const outcome: Outcome = {
    pullRequest: null,
    repository: { path, owner, name },
    checkRuns: [],
    execution: execution ? { id: execution.id, status: execution.status, error: execution.error } : null,
    steps: steps.map(({ id, status, durationMs }) => ({ id, status, durationMs })),
    tokens,
    costUsd: isFree ? 0 : costUsd,
    turns,
    seconds,
  };
  if (pull?.head && pull.base) {
    const { head, base, title, body, draft = false } = pull;
    outcome.pullRequest = {
      number: pull.number,
      title,
      body,
      url: `${github.url}/${fullName}/pull/${pull.number}`,
      head: { branch: head.ref, sha: head.sha },
      base: { branch: base.ref, sha: base.sha },
      draft,
    };
    outcome.checkRuns = details.check_runs
      .filter((run) => run.head_sha === head.sha)
      .map(({ name, status, conclusion }) => ({ name, status, conclusion }));
  }
  return { ...outcome, ...reasonOf(outcome, pull?.state) };
}

const OpenedPullRequest = z.object({ number: z.number(), headSha: z.string() });

function openedNumber({ steps }: Rows): number | undefined {
  const outputs = steps.map(({ output }) => OpenedPullRequest.safeParse(output).data);
  return outputs.find((output) => output !== undefined)?.number;
}

function reasonOf({ execution, pullRequest, checkRuns }: Outcome, state?: string): { error?: string } {
  if (!execution) return { error: "The issue started no execution." };
  if (execution.status !== "succeeded") {
    return { error: execution.error ?? `The execution is ${execution.status}.` };
  }
  if (!pullRequest || state !== "open")
    return { error: "The execution succeeded, but there is no open pull request." };
  const isGreen = checkRuns.some((run) => run.status === "completed" && run.conclusion === "success");
  if (!isGreen)
    return { error: `There is no successful check run on the pull request's head ${pullRequest.head.sha}.` };
  return {};
}
