import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import type { Octokit } from "../../../shared/github.ts";
import { owner, repo } from "../../tool.ts";
import { checkChange } from "../change-policy.ts";
import { changedFile } from "../changed-file.ts";
import { commitByGitData } from "../commit-by-git-data.ts";
import { commitByGraphql } from "../commit-by-graphql.ts";
import { findCommit, trailer } from "../find-commit.ts";
import { githubTool } from "../github-tool.ts";
import { branch, existed, sha } from "../inputs.ts";

/** What the names of AFU-9's branches begin with. */
const ownBranches = "afu9/";

export const commitChanges = githubTool({
  name: "commitChanges",
  description:
    "Commit a set of files to a branch, as one commit that GitHub signs. The branch must be at expectedHead, " +
    "and can't be the default branch: what goes there goes by a pull request. " +
    "Called again by the same execution, it finds its commit and makes no second one.",
  effect: "write",
  looksFirst: true,
  permissions: { contents: "write" },
  input: z.object({
    owner,
    repo,
    branch: branch.describe("The branch, which must exist"),
    expectedHead: sha.describe("The commit that the branch is at"),
    message: z.string().min(1).max(10_000).describe("The message; its first line is the title"),
    files: z
      .array(changedFile)
      .max(1_000)
      .describe("What changes: new contents, and files that go away. It may be empty for a merge alone"),
    mergeOf: sha
      .optional()
      .describe("The second parent: the commit that these files merge into the branch, as far as they say"),
    expectedTree: sha
      .optional()
      .describe("The tree that the commit must have, such as the one that was verified"),
    protectedPaths: z
      .array(z.string().min(1).max(500))
      .max(100)
      .default([])
      .describe("Patterns of paths that the change may not touch, besides those that are always protected"),
  }),
  output: z.object({ sha: z.string(), tree: z.string(), url: z.string(), existed }),
  async run(input, octokit, { capability, policy, redact }) {
    const { owner, repo, branch, expectedHead, message, files, mergeOf, expectedTree } = input;
    const { execution } = capability;
    if (files.length === 0 && mergeOf === undefined)
      throw new ToolFailure("There is no file to commit; nothing was committed. Give at least one.");
    await refuseDefaultBranch(octokit, { owner, repo, branch });
    const find = () => findMade(octokit, input, execution);
    // GraphQL's mutation is one request that a branch elsewhere refuses, and can't set file modes, make symbolic links or merge.
    const isPlain =
      mergeOf === undefined && files.every((file) => "deleted" in file || file.mode === "100644");
    const found = isPlain ? undefined : await find();
    if (found) return found;

    await checkChange(files, {
      policy: { ...policy, protectedPaths: [...policy.protectedPaths, ...input.protectedPaths] },
      redact,
      before: (path) => textOf(octokit, { owner, repo, path, ref: expectedHead }),
      merged: mergeOf ? (path) => textOf(octokit, { owner, repo, path, ref: mergeOf }) : undefined,
    });
    const change = {
      owner,
      repo,
      branch,
      expectedHead,
      files,
      mergeOf,
      message: `${message.trimEnd()}\n\n${trailer(execution)}`,
    };
    const made = isPlain
      ? await commitByGraphql(octokit, change).catch(async (error: unknown) => {
          const before = error instanceof ToolFailure && (await find());
          if (!before) throw error;
          return before;
        })
      : await commitByGitData(octokit, change, (tree) => requireTree(tree, expectedTree));
    requireTree(made.tree, expectedTree);
    return { existed: false, ...made };
  },
});

type Target = {
  owner: string;
  repo: string;
  branch: string;
  expectedHead: string;
  expectedTree?: string | undefined;
};

/** What this execution has committed already. Undefined: the branch is where it should be. Throws when it is elsewhere. */
async function findMade(octokit: Octokit, target: Target, execution: string) {
  const { owner, repo, branch, expectedHead, expectedTree } = target;
  const { data: ref } = await octokit.rest.git.getRef({ owner, repo, ref: `heads/${branch}` });
  const head = ref.object.sha;
  if (head === expectedHead) return undefined;
  const made = await findCommit(octokit, { owner, repo, sha: head, execution, parent: expectedHead });
  if (!made)
    throw new ToolFailure(
      `The branch ${branch} is at ${head} and not at ${expectedHead}; nothing was committed.`,
    );
  requireTree(made.tree, expectedTree);
  return { ...made, existed: true };
}

/** A branch of AFU-9's own, by its name, was made to be changed, and GitHub need not be asked what it is. */
async function refuseDefaultBranch(
  octokit: Octokit,
  { owner, repo, branch }: { owner: string; repo: string; branch: string },
): Promise<void> {
  if (branch.startsWith(ownBranches)) return;
  const { data } = await octokit.rest.repos.get({ owner, repo });
  if (branch !== data.default_branch) return;
  throw new ToolFailure(
    `${branch} is the default branch of ${owner}/${repo}; nothing was committed. Commit to another branch and open a pull request.`,
  );
}

/** A file's text at a commit, empty where there is none. */
async function textOf(
  octokit: Octokit,
  file: { owner: string; repo: string; path: string; ref: string },
): Promise<string> {
  try {
    const raw = { mediaType: { format: "raw" } };
    return String((await octokit.rest.repos.getContent({ ...file, ...raw })).data);
  } catch (error) {
    if ((error as { status?: number }).status === 404) return "";
    throw error;
  }
}

function requireTree(tree: string, expected: string | undefined): void {
  if (expected === undefined || tree === expected) return;
  throw new ToolFailure(
    `These files are not what was verified: the commit's tree is ${tree}, and the verified one ${expected}. Verify again.`,
  );
}
