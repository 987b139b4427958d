import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import { owner, repo } from "../../tool.ts";
import { effectMarker, marked } from "../effect-marker.ts";
import { githubTool } from "../github-tool.ts";
import { existed, path, pullNumber, sha } from "../inputs.ts";

const lineComment = z.object({
  path,
  line: z.number().int().positive().describe("The line, which must be part of the diff"),
  side: z.enum(["LEFT", "RIGHT"]).default("RIGHT").describe("RIGHT for the new file, LEFT for the old one"),
  body: z.string().min(1).max(60_000).describe("The text, in Markdown"),
});

export const createReview = githubTool({
  name: "createReview",
  description:
    "Review a pull request at a commit: a text, and comments on lines of the diff. It comments or requests changes; " +
    "approving is for people. The same review is never made twice by the same execution.",
  effect: "write",
  permissions: { pull_requests: "write" },
  input: z.object({
    owner,
    repo,
    number: pullNumber,
    sha: sha.describe("The head commit that was reviewed"),
    event: z.enum(["COMMENT", "REQUEST_CHANGES"]).default("COMMENT").describe("What the review says"),
    body: z.string().max(60_000).default("").describe("The text, in Markdown"),
    comments: z.array(lineComment).max(50).default([]).describe("Comments on lines"),
  }),
  output: z.object({ id: z.number(), url: z.string(), state: z.string(), existed }),
  async run({ owner, repo, number, sha, event, body, comments }, octokit, { capability: { execution } }) {
    if (!body && comments.length === 0) {
      throw new ToolFailure(
        "A review needs a body or comments, and has neither. Call again with one of them.",
      );
    }
    const pull = { owner, repo, pull_number: number };
    const key = JSON.stringify([execution, sha, event, comments]);
    const marker = effectMarker(key, body);
    const reviews = await octokit.paginate(octokit.rest.pulls.listReviews, { ...pull, per_page: 100 });
    const found = reviews.find(({ user, body }) => user?.type === "Bot" && body.includes(marker));
    const { data } = found
      ? { data: found }
      : await octokit.rest.pulls.createReview({
          ...pull,
          commit_id: sha,
          event,
          body: marked(key, body),
          comments,
        });
    return { id: data.id, url: data.html_url, state: data.state, existed: found !== undefined };
  },
});
