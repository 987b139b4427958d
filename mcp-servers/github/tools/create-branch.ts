import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import { owner, repo } from "../../tool.ts";
import { findCommit } from "../find-commit.ts";
import { githubTool, orMissing, refusalOf } from "../github-tool.ts";
import { branch, existed, sha } from "../inputs.ts";

export const createBranch = githubTool({
  name: "createBranch",
  description:
    "Create a branch at a commit. A branch of that name that is there already, at that commit, is the answer too.",
  effect: "write",
  looksFirst: true,
  permissions: { contents: "write" },
  input: z.object({
    owner,
    repo,
    branch: branch.describe("The new branch's name"),
    sha: sha.describe("The commit where it begins"),
  }),
  output: z.object({ branch: z.string(), sha: z.string(), existed }),
  async run({ owner, repo, branch, sha }, octokit, { capability }) {
    const made = octokit.rest.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha });
    const refusal = await refusalOf(made);
    if (!refusal) return { branch, sha, existed: false };
    const existing = await orMissing(octokit.rest.git.getRef({ owner, repo, ref: `heads/${branch}` }));
    if (!existing) throw refusal;
    const at = existing.data.object.sha;
    const isOurs =
      at === sha ||
      (await findCommit(octokit, { owner, repo, sha: at, execution: capability.execution, parent: sha }));
    if (isOurs) return { branch, sha, existed: true };
    throw new ToolFailure(
      `The branch ${branch} is there already, at ${at} and not at ${sha}. Choose another name.`,
    );
  },
});
