import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { pullNumber } from "../inputs.ts";
import { Person, Pull, personOf, pullOf } from "../shapes.ts";

export const getPullRequest = githubTool({
  name: "getPullRequest",
  description:
    "Get a pull request: title, body, state, branches, head commit, author, and whether it can be merged.",
  effect: "read",
  permissions: { pull_requests: "read" },
  input: z.object({ owner, repo, number: pullNumber }),
  output: Pull.extend({
    body: z.string(),
    author: Person,
    merged: z.boolean(),
    mergeable: z.boolean().nullable().describe("Null while GitHub still works it out"),
  }),
  async run({ owner, repo, number }, octokit) {
    const { data } = await octokit.rest.pulls.get({ owner, repo, pull_number: number });
    return {
      ...pullOf(data),
      body: data.body ?? "",
      author: personOf(data.user),
      merged: data.merged,
      mergeable: data.mergeable,
    };
  },
});
