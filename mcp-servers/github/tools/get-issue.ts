import { z } from "zod";
import { owner, repo } from "../../tool.ts";
import { githubTool } from "../github-tool.ts";
import { query } from "../graphql.ts";
import { issueNumber } from "../inputs.ts";
import { NodePerson, Person, personOfNode } from "../shapes.ts";

/** The newest comments are the ones that matter. */
const maxComments = 50;
const maxLinked = 20;

const author = "author { __typename login ... on User { databaseId } ... on Bot { databaseId } }";
const discussion = `number title body url ${author} labels(first: 100) { nodes { name } }
  comments(last: ${maxComments}) { totalCount nodes { databaseId body createdAt lastEditedAt ${author} } }`;
/** All in one request. A pull request is an issue too, but its state is of another kind, and no other one closes it. */
const issueQuery = `query ($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) { issueOrPullRequest(number: $number) {
    ... on PullRequest { pullState: state ${discussion} }
    ... on Issue {
      issueState: state ${discussion}
      closedByPullRequestsReferences(first: ${maxLinked}, includeClosedPrs: true) { nodes { number title state url } }
    }
  } }
}`;

const LinkedPull = z.object({
  number: z.number(),
  title: z.string(),
  state: z.string().toLowerCase(),
  url: z.string(),
});
const Answer = z.object({
  repository: z.object({
    issueOrPullRequest: z.object({
      number: z.number(),
      title: z.string(),
      body: z.string(),
      issueState: z.string().toLowerCase().optional(),
      pullState: z.string().toLowerCase().optional(),
      url: z.string(),
      author: NodePerson,
      labels: z.object({ nodes: z.array(z.object({ name: z.string() })) }),
      comments: z.object({
        totalCount: z.number(),
        nodes: z.array(
          z.object({
            databaseId: z.number(),
            body: z.string(),
            createdAt: z.string(),
            lastEditedAt: z.string().nullable(),
            author: NodePerson,
          }),
        ),
      }),
      closedByPullRequestsReferences: z.object({ nodes: z.array(LinkedPull) }).optional(),
    }),
  }),
});

export const getIssue = githubTool({
  name: "getIssue",
  description:
    `Get an issue: title, body, labels, state, author, the last ${maxComments} comments, ` +
    "and the pull requests that would close it or have.",
  effect: "read",
  permissions: { issues: "read", pull_requests: "read" },
  input: z.object({ owner, repo, number: issueNumber }),
  output: z.object({
    number: z.number(),
    title: z.string(),
    body: z.string(),
    state: z.string(),
    isPullRequest: z.boolean(),
    labels: z.array(z.string()),
    author: Person,
    url: z.string(),
    comments: z.array(
      z.object({
        id: z.number(),
        author: Person,
        body: z.string(),
        createdAt: z.string(),
        editedAt: z.string().nullable().describe("When its text was last changed; null when it never was"),
      }),
    ),
    earlierComments: z.number().describe("How many comments there are before these"),
    linkedPullRequests: z.array(LinkedPull),
  }),
  async run({ owner, repo, number }, octokit) {
    const { repository } = await query(octokit, issueQuery, { owner, repo, number }, Answer);
    const issue = repository.issueOrPullRequest;
    const { nodes, totalCount } = issue.comments;
    return {
      number: issue.number,
      title: issue.title,
      body: issue.body,
      state: issue.issueState ?? issue.pullState ?? "",
      isPullRequest: issue.pullState !== undefined,
      labels: issue.labels.nodes.map(({ name }) => name),
      author: personOfNode(issue.author),
      url: issue.url,
      comments: nodes
        .filter(({ author }) => author?.__typename !== "Bot")
        .map(({ databaseId, author, body, createdAt, lastEditedAt }) => ({
          id: databaseId,
          author: personOfNode(author),
          body,
          createdAt,
          editedAt: lastEditedAt,
        })),
      earlierComments: totalCount - nodes.length,
      linkedPullRequests: issue.closedByPullRequestsReferences?.nodes ?? [],
    };
  },
});
