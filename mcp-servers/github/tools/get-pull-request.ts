import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { within } from "../bounded.ts";
import { githubTool } from "../github-tool.ts";
import { pullNumber } from "../inputs.ts";
import { listFiles, type PullFile } from "../list-files.ts";
import { Person, Pull, personOf, pullOf } from "../shapes.ts";

/** GitHub lists 3,000 files at most; a model reads the first ones. */
const maxFiles = 300;
const maxDiff = 60_000;

export const getPullRequest = githubTool({
  name: "getPullRequest",
  description:
    "Get a pull request: title, body, state, branches, head commit, author, whether it can be merged, " +
    `its files (at most ${maxFiles}) and its diff (at most ${maxDiff} characters). leftOut says what is not shown.`,
  effect: "read",
  permissions: { pull_requests: "read" },
  input: z.object({ owner, repo, number: pullNumber }),
  output: Pull.extend({
    body: z.string(),
    author: Person,
    merged: z.boolean(),
    mergeable: z.boolean().nullable().describe("Null while GitHub still works it out"),
    files: z.array(
      z.object({
        path: z.string(),
        previousPath: z.string().nullable().describe("Its path before it was renamed"),
        status: z.string(),
        additions: z.number(),
        deletions: z.number(),
      }),
    ),
    diff: z.string(),
    leftOut: z.array(z.string()).describe("What files and diff do not show"),
  }),
  async run({ owner, repo, number }, octokit) {
    const pull = { owner, repo, pull_number: number };
    const { data } = await octokit.rest.pulls.get(pull);
    const files = await listFiles(octokit, pull, Math.min(data.changed_files, maxFiles));
    return {
      ...pullOf(data),
      body: data.body ?? "",
      author: personOf(data.user),
      merged: data.merged,
      mergeable: data.mergeable,
      files: files.map((file) => ({
        path: file.filename,
        previousPath: file.previous_filename ?? null,
        status: file.status,
        additions: file.additions,
        deletions: file.deletions,
      })),
      ...diffOf(files, data.changed_files),
    };
  },
});

/** The diff of the files from the first on, whole file by whole file. */
function diffOf(files: PullFile[], changed: number): { diff: string; leftOut: string[] } {
  const withPatch = files.filter(({ patch }) => patch !== undefined);
  const shown = within(withPatch.map(asDiff), maxDiff, (diff) => diff.length);
  const leftOut = [
    ...files
      .filter(({ patch }) => patch === undefined)
      .map(({ filename }) => `${filename}: binary, empty or too big for a diff`),
    ...withPatch.slice(shown.length).map(({ filename }) => `${filename}: its diff`),
  ];
  const more = changed > files.length ? [`${changed - files.length} more files`] : [];
  return { diff: shown.join(""), leftOut: [...leftOut, ...more] };
}

function asDiff({ filename, previous_filename: before = filename, status, patch }: PullFile): string {
  const from = status === "added" ? "/dev/null" : `a/${before}`;
  const to = status === "removed" ? "/dev/null" : `b/${filename}`;
  return `diff --git a/${before} b/${filename}\n--- ${from}\n+++ ${to}\n${patch}\n`;
}
