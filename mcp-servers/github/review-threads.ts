// The review threads of a pull request, as GraphQL has them: REST knows neither threads nor whether they are resolved.
import { z } from "zod";
import type { Octokit } from "../../shared/github.ts";
import { query } from "./graphql.ts";
import { NodePerson } from "./shapes.ts";

/** The newest threads and comments are the ones that matter. */
export const maxThreads = 100;

const Comment = z.object({
  databaseId: z.number(),
  body: z.string(),
  url: z.string(),
  createdAt: z.string(),
  author: NodePerson,
});
const comment =
  "databaseId body url createdAt author { __typename login ... on User { databaseId } ... on Bot { databaseId } }";

const threadsQuery = `query ($owner: String!, $repo: String!, $number: Int!, $comments: Int!) {
  viewer { login }
  repository(owner: $owner, name: $repo) { pullRequest(number: $number) {
    reviewThreads(last: ${maxThreads}) { totalCount nodes {
      id path diffSide startLine line originalLine isResolved isOutdated
      first: comments(first: 1) { nodes { ${comment} } }
      last: comments(last: $comments) { totalCount nodes { ${comment} } }
    } }
  } }
}`;

const Thread = z.object({
  id: z.string(),
  path: z.string(),
  diffSide: z.enum(["LEFT", "RIGHT"]),
  startLine: z.number().nullable(),
  line: z.number().nullable(),
  originalLine: z.number().nullable(),
  isResolved: z.boolean(),
  isOutdated: z.boolean(),
  first: z.object({ nodes: z.array(Comment) }),
  last: z.object({ totalCount: z.number(), nodes: z.array(Comment) }),
});
export type Thread = z.infer<typeof Thread>;

const Answer = z.object({
  viewer: z.object({ login: z.string() }),
  repository: z.object({
    pullRequest: z.object({ reviewThreads: z.object({ totalCount: z.number(), nodes: z.array(Thread) }) }),
  }),
});

export type Threads = {
  /** Oldest first; the newest ones, when there are more than 100. */
  threads: Thread[];
  total: number;
  /** Whether this App wrote it. A person who calls themselves like it is no bot. */
  isOwn(comment: z.infer<typeof Comment> | undefined): boolean;
};

/** Reads the threads of a pull request, each with its first comment and so many of its last ones, in one request. */
export async function readThreads(
  octokit: Octokit,
  pull: { owner: string; repo: string; number: number },
  { comments }: { comments: number },
): Promise<Threads> {
  const { viewer, repository } = await query(octokit, threadsQuery, { ...pull, comments }, Answer);
  const { nodes, totalCount } = repository.pullRequest.reviewThreads;
  const self = viewer.login.replace(/\[bot\]$/, "");
  return {
    threads: nodes,
    total: totalCount,
    isOwn: (comment) => comment?.author?.__typename === "Bot" && comment.author.login === self,
  };
}
