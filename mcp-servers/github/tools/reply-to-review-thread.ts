import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import { outgoingText } from "../../../shared/outgoing-text.ts";
import { owner, repo } from "../../tool.ts";
import { effectMarker } from "../effect-marker.ts";
import { githubTool } from "../github-tool.ts";
import { query } from "../graphql.ts";
import { existed, pullNumber } from "../inputs.ts";

const threadQuery = `query ($thread: ID!) { node(id: $thread) { ... on PullRequestReviewThread {
  pullRequest { number repository { nameWithOwner } }
  first: comments(first: 1) { nodes { databaseId } }
  last: comments(last: 100) { nodes { databaseId url body author { __typename } } }
} } }`;

const Answer = z.object({
  node: z.object({
    pullRequest: z.object({ number: z.number(), repository: z.object({ nameWithOwner: z.string() }) }),
    first: z.object({ nodes: z.tuple([z.object({ databaseId: z.number() })]) }),
    last: z.object({
      nodes: z.array(
        z.object({
          databaseId: z.number(),
          url: z.string(),
          body: z.string(),
          author: z.object({ __typename: z.string() }).nullable(),
        }),
      ),
    }),
  }),
});

export const replyToReviewThread = githubTool({
  name: "replyToReviewThread",
  description:
    "Reply in a review thread of a pull request. The same text is never written twice by the same execution.",
  effect: "write",
  permissions: { pull_requests: "write" },
  input: z.object({
    owner,
    repo,
    number: pullNumber,
    thread: z
      .string()
      .regex(/^[A-Za-z0-9][\w=-]{3,99}$/, "expected an id from listReviewThreads")
      .describe("The thread's id, from listReviewThreads"),
    body: z.string().min(1).max(60_000).describe("The text, in Markdown"),
  }),
  output: z.object({ id: z.number(), url: z.string(), existed }),
  async run({ owner, repo, number, thread, body }, octokit, { capability: { execution } }) {
    const { node } = await query(octokit, threadQuery, { thread }, Answer);
    const { pullRequest } = node;
    if (pullRequest.number !== number || pullRequest.repository.nameWithOwner !== `${owner}/${repo}`) {
      throw new ToolFailure(
        `The thread ${thread} is not one of pull request ${number}. listReviewThreads gives those that are.`,
      );
    }
    const marker = effectMarker(execution, body);
    // A person who writes the marker must not keep the reply from being made.
    const found = node.last.nodes.find(
      ({ author, body }) => author?.__typename === "Bot" && body.includes(marker),
    );
    if (found) return { id: found.databaseId, url: found.url, existed: true };
    const [{ databaseId: comment_id }] = node.first.nodes;
    const { data } = await octokit.rest.pulls.createReplyForReviewComment({
      owner,
      repo,
      pull_number: number,
      comment_id,
      body: `${outgoingText(body)}\n\n${marker}`,
    });
    return { id: data.id, url: data.html_url, existed: false };
  },
});
