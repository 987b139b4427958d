import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import type { Octokit } from "../../../shared/github.ts";
import { outgoingText } from "../../../shared/outgoing-text.ts";
import { owner, repo } from "../../tool.ts";
import { linesOfDiff } from "../diff-lines.ts";
import { effectMarker } from "../effect-marker.ts";
import { bySeverity, commentOf, type Finding, finding } from "../finding.ts";
import { githubTool, statusOf } from "../github-tool.ts";
import { existed, pullNumber, sha } from "../inputs.ts";
import { openRemarks, type Remark } from "../open-remarks.ts";
import { reviewBody } from "../review-body.ts";

export const createReview = githubTool({
  name: "createReview",
  description:
    "Review a pull request at a commit: a text, and comments on lines, the gravest first. A comment on a line that is not in " +
    "the diff becomes a part of the text; one on lines where this App has an open thread already is not repeated. " +
    "It comments or requests changes; approving is for people. The same review is never made twice by the same execution.",
  effect: "write",
  permissions: { pull_requests: "write", contents: "read" },
  input: z.object({
    owner,
    repo,
    number: pullNumber,
    sha: sha.describe("The head commit that was reviewed"),
    event: z.enum(["COMMENT", "REQUEST_CHANGES"]).default("COMMENT").describe("What the review says"),
    body: z.string().max(60_000).default("").describe("The text, in Markdown"),
    comments: z.array(finding).max(50).default([]).describe("Comments on lines"),
  }),
  output: z.object({
    id: z.number(),
    url: z.string(),
    state: z.string(),
    existed,
    onLines: z.number().describe("How many comments stand on their lines"),
    inText: z.number().describe("How many comments are a part of the text"),
    repeated: z.number().describe("How many comments were left out, as open threads say them already"),
  }),
  async run({ event, body, comments, ...pull }, octokit, { capability: { execution } }) {
    if (!body && comments.length === 0) {
      throw new ToolFailure(
        "A review needs a body or comments, and has neither. Call again with one of them.",
      );
    }
    const marker = effectMarker(JSON.stringify([execution, pull.sha, event, comments]), body);
    const found = await findReview(octokit, pull, marker);
    if (found) return { ...found, existed: true, onLines: 0, inText: 0, repeated: 0 };
    const places = await placeComments(octokit, pull, comments);
    const review = { pull, event, body: outgoingText(body), marker };
    const made = await post(octokit, review, places).catch((error: unknown) => {
      // GitHub may know the diff better than we do. Nothing that was found is lost for that.
      if (places.onLines.length === 0 || !isAboutLines(error)) throw error;
      return post(octokit, review, { ...places, onLines: [], inText: bySeverity(comments) });
    });
    return { ...made, existed: false, repeated: places.repeated.length };
  },
});

type Pull = { owner: string; repo: string; number: number; sha: string };
type Places = { onLines: Finding[]; inText: Finding[]; repeated: Remark[] };
type Review = { pull: Pull; event: "COMMENT" | "REQUEST_CHANGES"; body: string; marker: string };

async function findReview(octokit: Octokit, { owner, repo, number }: Pull, marker: string) {
  const target = { owner, repo, pull_number: number, per_page: 100 };
  const reviews = await octokit.paginate(octokit.rest.pulls.listReviews, target);
  // A person who writes the marker must not keep the review from being made.
  const found = reviews.find(({ user, body }) => user?.type === "Bot" && body.includes(marker));
  return found && { id: found.id, url: found.html_url, state: found.state };
}

async function placeComments(octokit: Octokit, pull: Pull, comments: Finding[]): Promise<Places> {
  if (comments.length === 0) return { onLines: [], inText: [], repeated: [] };
  const { owner, repo, number, sha } = pull;
  const { data } = await octokit.rest.pulls.get({ owner, repo, pull_number: number });
  // At the commit that was reviewed, which need not be the head any more.
  const base = data.state === "open" ? data.base.ref : data.base.sha;
  const basehead = `${base}...${sha}`;
  const compared = await octokit.rest.repos.compareCommitsWithBasehead({
    owner,
    repo,
    basehead,
    per_page: 1,
  });
  const isInDiff = linesOfDiff(compared.data.files ?? []);
  const remarkFor = await openRemarks(octokit, pull);
  const fresh = bySeverity(comments).filter((comment) => !remarkFor(comment));
  return {
    onLines: fresh.filter(isInDiff),
    inText: fresh.filter((comment) => !isInDiff(comment)),
    repeated: comments.flatMap((comment) => remarkFor(comment) ?? []),
  };
}

async function post(octokit: Octokit, { pull, event, body, marker }: Review, places: Places) {
  const { owner, repo, number, sha } = pull;
  const { data } = await octokit.rest.pulls.createReview({
    ...{ owner, repo, pull_number: number, commit_id: sha, event },
    body: `${reviewBody({ body, sha, ...places })}\n\n${marker}`.trimStart(),
    comments: places.onLines.map((comment) => ({
      path: comment.path,
      line: comment.line,
      side: comment.side,
      ...(comment.startLine !== undefined &&
        comment.startLine < comment.line && { start_line: comment.startLine, start_side: comment.side }),
      body: commentOf(comment),
    })),
  });
  const { id, html_url: url, state } = data;
  return { id, url, state, onLines: places.onLines.length, inText: places.inText.length };
}

function isAboutLines(error: unknown): boolean {
  return statusOf(error) === 422 && /resolved|diff|hunk|thread/i.test(String(error));
}
