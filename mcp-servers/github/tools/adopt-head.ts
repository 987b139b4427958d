import { z } from "zod";
import { adoptedBranch } from "../../../shared/adopted.ts";
import { ToolFailure } from "../../../shared/errors.ts";
import type { Octokit } from "../../../shared/github.ts";
import { owner, repo } from "../../tool.ts";
import { githubTool, orMissing, statusOf } from "../github-tool.ts";
import { existed, pullNumber, sha } from "../inputs.ts";
import { listFiles } from "../list-files.ts";
import { Person, personOf } from "../shapes.ts";

/** GitHub runs these with the repository's secrets, also those of a branch that nobody has merged. */
const workflows = ".github/workflows/";

export const adoptHead = githubTool({
  name: "adoptHead",
  description:
    "Put the head of a pull request from a fork on a branch of the repository itself, afu9/adopt-NUMBER, where it can be worked on. " +
    "The branch is made, or goes forward when it has nothing of its own. One that is there already is the answer too.",
  effect: "write",
  looksFirst: true,
  permissions: { contents: "write", pull_requests: "read" },
  input: z.object({ owner, repo, number: pullNumber, sha: sha.describe("The head that was agreed with") }),
  output: z.object({
    branch: z.string(),
    sha: z.string(),
    existed,
    movedFrom: z.string().nullable().describe("Where the branch was before it went forward"),
    author: Person,
    draft: z.boolean(),
  }),
  async run({ owner, repo, number, sha }, octokit) {
    const { data: pull } = await octokit.rest.pulls.get({ owner, repo, pull_number: number });
    requireAdoptable(pull, sha);
    await refuseWorkflows(octokit, { owner, repo, pull_number: number }, pull.changed_files);
    const branch = `${adoptedBranch}${number}`;
    const facts = { branch, sha, author: personOf(pull.user), draft: pull.draft ?? false };
    return { ...facts, ...(await bringTo(octokit, { owner, repo, branch, sha, number })) };
  },
});

type Pull = Awaited<ReturnType<Octokit["rest"]["pulls"]["get"]>>["data"];
type Target = { owner: string; repo: string; branch: string; sha: string; number: number };
type Moved = { existed: boolean; movedFrom: string | null };

function requireAdoptable({ number, state, head, base }: Pull, sha: string): void {
  if (state !== "open") throw new ToolFailure(`#${number} is closed; nothing was adopted. Reopen it first.`);
  if (head.repo?.id === base.repo.id)
    throw new ToolFailure(`#${number} comes from this repository; there is nothing to adopt.`);
  if (head.sha !== sha)
    throw new ToolFailure(
      `The head of #${number} has moved: it is ${head.sha} now, and ${sha} was agreed with. Nothing was adopted. Read the new commits, then type \`/afu9 adopt\` again.`,
    );
}

async function refuseWorkflows(
  octokit: Octokit,
  pull: { owner: string; repo: string; pull_number: number },
  count: number,
): Promise<void> {
  // What comes after those that GitHub lists, its own refusal tells.
  const files = await listFiles(octokit, pull, count);
  const changed = files.flatMap(({ filename, previous_filename: before = filename }) => [filename, before]);
  const paths = new Set(changed.filter((path) => path.startsWith(workflows)));
  if (paths.size === 0) return;
  throw new ToolFailure(
    `#${pull.pull_number} changes ${[...paths].slice(0, 10).join(", ")}, and nothing was adopted: a branch here with workflows of a fork would run them with the repository's secrets, and AFU-9 has no permission to change workflows. A person who may can push the commits to a branch.`,
  );
}

/** Makes the branch at the commit, or moves it forward to there. */
async function bringTo(octokit: Octokit, target: Target): Promise<Moved> {
  const { owner, repo, branch, sha } = target;
  const at = await orMissing(octokit.rest.git.getRef({ owner, repo, ref: `heads/${branch}` }));
  const before = at?.data.object.sha ?? null;
  if (before === sha) return { existed: true, movedFrom: null };
  try {
    if (before === null) await octokit.rest.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha });
    else await octokit.rest.git.updateRef({ owner, repo, ref: `heads/${branch}`, sha, force: false });
  } catch (error) {
    throw refusalOf(error, target, before);
  }
  return { existed: false, movedFrom: before };
}

/** What GitHub says of a permission that is lacking. Of `workflows` it says no more. */
const lacking = "Resource not accessible by integration";

/** What GitHub's refusal means here; any other error as it is. */
function refusalOf(error: unknown, { branch, sha, number }: Target, before: string | null): unknown {
  if (!(error instanceof Error)) return error;
  if (statusOf(error) === 403 && error.message.includes(lacking))
    return new ToolFailure(
      `GitHub refused the branch ${branch} at ${sha}: ${error.message}. It does so where files in ${workflows} are others than those of the branches here, also older ones, as AFU-9 has no permission to change workflows. Bring #${number} up to date with its base, then type \`/afu9 adopt\` again.`,
    );
  if (statusOf(error) !== 422 || before === null) return error;
  return new ToolFailure(
    `The branch ${branch} is at ${before}, with commits that #${number} does not have, so it can't go forward to ${sha}; it stays as it is. Merge the new commits into it yourself (\`git fetch origin pull/${number}/head\`), or close its pull request, delete the branch and type \`/afu9 adopt\` again.`,
  );
}
