// The part of GitHub's GraphQL schema that is served here, in GitHub's own words.
export const schemaText = /* GraphQL */ `
  scalar URI
  scalar GitObjectID
  scalar Base64String

  interface Actor { login: String! }
  type Viewer implements Actor { id: ID! login: String! databaseId: Int }

  type Query { viewer: Viewer! }

  type Mutation {
    createCommitOnBranch(input: CreateCommitOnBranchInput!): CreateCommitOnBranchPayload
    markPullRequestReadyForReview(input: MarkPullRequestReadyForReviewInput!): MarkPullRequestReadyForReviewPayload
    convertPullRequestToDraft(input: ConvertPullRequestToDraftInput!): ConvertPullRequestToDraftPayload
  }

  input CommittableBranch { id: ID repositoryNameWithOwner: String branchName: String }
  input CommitMessage { headline: String! body: String }
  input FileAddition { path: String! contents: Base64String! }
  input FileDeletion { path: String! }
  input FileChanges { additions: [FileAddition!] = [] deletions: [FileDeletion!] = [] }
  input CreateCommitOnBranchInput {
    clientMutationId: String
    branch: CommittableBranch!
    message: CommitMessage!
    fileChanges: FileChanges
    expectedHeadOid: GitObjectID!
  }
  type Commit { id: ID! oid: GitObjectID! url: URI! message: String! tree: Tree! }
  type Tree { oid: GitObjectID! }
  type Ref { id: ID! name: String! target: Commit }
  type CreateCommitOnBranchPayload { clientMutationId: String commit: Commit ref: Ref }

  input MarkPullRequestReadyForReviewInput { clientMutationId: String pullRequestId: ID! }
  input ConvertPullRequestToDraftInput { clientMutationId: String pullRequestId: ID! }
  type PullRequest { id: ID! number: Int! isDraft: Boolean! title: String! url: URI! headRefOid: GitObjectID! }
  type MarkPullRequestReadyForReviewPayload { clientMutationId: String pullRequest: PullRequest }
  type ConvertPullRequestToDraftPayload { clientMutationId: String pullRequest: PullRequest }
`;
