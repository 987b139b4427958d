import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { clip, within } from "../bounded.ts";
import { githubTool } from "../github-tool.ts";
import { query } from "../graphql.ts";
import { pullNumber } from "../inputs.ts";
import { NodePerson, Person, personOfNode } from "../shapes.ts";

const maxThreads = 100;
const maxComments = 20;
const maxBody = 4_000;
const maxText = 100_000;

const threadsQuery = `query ($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) { pullRequest(number: $number) {
    reviewThreads(last: ${maxThreads}) { totalCount nodes {
      id path line isResolved isOutdated
      comments(last: ${maxComments}) { totalCount nodes {
        databaseId body createdAt author { __typename login ... on User { databaseId } ... on Bot { databaseId } }
      } }
    } }
  } }
}`;

const Thread = z.object({
  id: z.string(),
  path: z.string(),
  line: z.number().nullable(),
  isResolved: z.boolean(),
  isOutdated: z.boolean(),
  comments: z.object({
    totalCount: z.number(),
    nodes: z.array(
      z.object({ databaseId: z.number(), body: z.string(), createdAt: z.string(), author: NodePerson }),
    ),
  }),
});
const Answer = z.object({
  repository: z.object({
    pullRequest: z.object({
      reviewThreads: z.object({ totalCount: z.number(), nodes: z.array(Thread) }),
    }),
  }),
});

export const listReviewThreads = githubTool({
  name: "listReviewThreads",
  description:
    `List the review threads of a pull request, oldest first: where each is, and its last ${maxComments} comments. ` +
    "Threads that are resolved are left out unless asked for.",
  effect: "read",
  permissions: { pull_requests: "read" },
  input: z.object({
    owner,
    repo,
    number: pullNumber,
    resolved: z.boolean().default(false).describe("Whether to list threads that are resolved as well"),
  }),
  output: z.object({
    threads: z.array(
      z.object({
        id: z.string().describe("The thread, for replyToReviewThread"),
        path: z.string(),
        line: z.number().nullable().describe("Null when the line is no longer in the diff"),
        isResolved: z.boolean(),
        isOutdated: z.boolean(),
        comments: z.array(
          z.object({ id: z.number(), author: Person, body: z.string(), createdAt: z.string() }),
        ),
        earlierComments: z.number().describe("How many comments there are before these"),
      }),
    ),
    leftOut: z.number().describe("How many of the threads asked for, or earlier ones, are not shown"),
  }),
  async run({ owner, repo, number, resolved }, octokit) {
    const { repository } = await query(octokit, threadsQuery, { owner, repo, number }, Answer);
    const { nodes, totalCount } = repository.pullRequest.reviewThreads;
    const wanted = nodes.filter(({ isResolved }) => resolved || !isResolved).map(shownThread);
    const threads = within(wanted, maxText, (thread) => JSON.stringify(thread).length);
    return { threads, leftOut: wanted.length - threads.length + totalCount - nodes.length };
  },
});

function shownThread({ comments, ...thread }: z.infer<typeof Thread>) {
  return {
    ...thread,
    comments: comments.nodes.map(({ databaseId, body, createdAt, author }) => ({
      id: databaseId,
      author: personOfNode(author),
      body: clip(body, maxBody),
      createdAt,
    })),
    earlierComments: comments.totalCount - comments.nodes.length,
  };
}
