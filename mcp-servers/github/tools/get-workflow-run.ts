import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import type { Octokit } from "../../../shared/github.ts";
import { owner, repo } from "../../tool.ts";
import { tailOf } from "../bounded.ts";
import { failures } from "../failures.ts";
import { githubTool, statusOf } from "../github-tool.ts";
import { runId } from "../inputs.ts";
import { passedBefore } from "../passed-before.ts";

const maxLogs = 5;
const maxLog = 16_000;

export const getWorkflowRun = githubTool({
  name: "getWorkflowRun",
  description:
    "Get a run of GitHub Actions: how it went, its jobs, and the end of the logs of its failed jobs " +
    `(at most ${maxLogs} jobs, ${maxLog} bytes each).`,
  effect: "read",
  permissions: { actions: "read" },
  input: z.object({ owner, repo, run: runId }),
  output: z.object({
    id: z.number(),
    name: z.string(),
    url: z.string(),
    attempt: z.number(),
    status: z.string().nullable(),
    conclusion: z.string().nullable(),
    headSha: z.string(),
    headBranch: z.string().nullable(),
    jobs: z.array(
      z.object({ id: z.number(), name: z.string(), status: z.string(), conclusion: z.string().nullable() }),
    ),
    logs: z.array(z.object({ job: z.string(), log: z.string(), isCut: z.boolean() })),
    passedBefore: z
      .array(z.string())
      .describe(
        "Jobs that failed here and passed on the same commit before: their failure is not the code's alone",
      ),
    isFlaky: z.boolean().describe("Whether that is so of every job that failed"),
    leftOut: z.array(z.string()).describe("What jobs and logs do not show"),
  }),
  async run({ owner, repo, run }, octokit) {
    const target = { owner, repo, run_id: run };
    const { data } = await octokit.rest.actions.getWorkflowRun(target);
    const { data: list } = await octokit.rest.actions.listJobsForWorkflowRun({ ...target, per_page: 100 });
    const failed = list.jobs.filter(({ conclusion }) => failures.includes(conclusion ?? ""));
    const logs = [];
    for (const { id, name } of failed.slice(0, maxLogs)) {
      logs.push({ job: name, ...(await logOf(octokit, { owner, repo, job_id: id })) });
    }
    const name = data.name ?? "";
    const names = failed.map((job) => job.name);
    const before = await passedBefore(octokit, { owner, repo, id: run, name, headSha: data.head_sha }, names);
    const unseen = list.total_count - list.jobs.length;
    return {
      id: data.id,
      name,
      url: data.html_url,
      attempt: data.run_attempt ?? 1,
      status: data.status,
      conclusion: data.conclusion,
      headSha: data.head_sha,
      headBranch: data.head_branch,
      jobs: list.jobs.map(({ id, name, status, conclusion }) => ({ id, name, status, conclusion })),
      logs,
      passedBefore: before,
      isFlaky: failed.length > 0 && unseen <= 0 && before.length === failed.length,
      leftOut: [
        ...failed.slice(maxLogs).map(({ name }) => `the log of ${name}`),
        ...(unseen > 0 ? [`${unseen} more jobs`] : []),
      ],
    };
  },
});

async function logOf(octokit: Octokit, job: { owner: string; repo: string; job_id: number }) {
  try {
    const { data } = await octokit.rest.actions.downloadJobLogsForWorkflowRun({
      ...job,
      request: { parseSuccessResponseBody: false },
    });
    const { text, isCut } = await tailOf(data as ReadableStream<Uint8Array>, maxLog);
    return { log: stripVTControlCharacters(text), isCut };
  } catch (error) {
    if (![404, 410].includes(statusOf(error) ?? 0)) throw error;
    return { log: "GitHub has no log of this job, or has it no longer.", isCut: false };
  }
}
