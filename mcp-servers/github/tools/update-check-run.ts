import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { annotationFields, CheckRun, checkRunOf, checkRunState, stateFields } from "../check-run.ts";
import { githubTool } from "../github-tool.ts";

export const updateCheckRun = githubTool({
  name: "updateCheckRun",
  description:
    "Change a check run that AFU-9 made. What is left out stays as it is; annotations are added to those that are there.",
  effect: "write",
  permissions: { checks: "write" },
  input: z.object({
    owner,
    repo,
    checkRun: z.number().int().positive().describe("The check run's id"),
    ...checkRunState,
  }),
  output: CheckRun,
  async run({ owner, repo, checkRun, annotations, ...state }, octokit) {
    const target = { owner, repo, check_run_id: checkRun };
    // GitHub adds annotations, also those that it has already.
    const known =
      annotations.length > 0
        ? await octokit.paginate(octokit.rest.checks.listAnnotations, { ...target, per_page: 100 })
        : [];
    const has = new Set(known.map(key));
    const missing = annotations.filter((one) => !has.has(key(annotationFields(one))));
    const { data } = await octokit.rest.checks.update({
      ...target,
      ...stateFields({ ...state, annotations: missing }),
    });
    return checkRunOf(data);
  },
});

type Known = { path: string; start_line: number; end_line: number; message: string | null };

function key({ path, start_line, end_line, message }: Known): string {
  return JSON.stringify([path, start_line, end_line, message]);
}
