// The part of GitHub's GraphQL schema that is served here, in GitHub's own words.
export const schemaText = /* GraphQL */ `
  scalar URI
  scalar GitObjectID
  scalar Base64String
  scalar BigInt

  interface Actor { login: String! }
  type Viewer implements Actor { id: ID! login: String! databaseId: Int }

  scalar DateTime
  interface Node { id: ID! }
  type User implements Actor & Node { id: ID! login: String! databaseId: Int }
  type Bot implements Actor & Node { id: ID! login: String! databaseId: Int }
  type Organization implements Actor & Node { id: ID! login: String! databaseId: Int }

  type Query {
    viewer: Viewer!
    repository(owner: String!, name: String!): Repository
    node(id: ID!): Node
  }

  type Repository implements Node {
    id: ID!
    nameWithOwner: String!
    issueOrPullRequest(number: Int!): IssueOrPullRequest
    pullRequest(number: Int!): PullRequest
  }
  union IssueOrPullRequest = Issue | PullRequest
  enum IssueState { OPEN CLOSED }
  enum PullRequestState { OPEN CLOSED MERGED }
  type Label implements Node { id: ID! name: String! }
  type LabelConnection { nodes: [Label] totalCount: Int! }
  type IssueComment implements Node { id: ID! databaseId: Int fullDatabaseId: BigInt author: Actor body: String! createdAt: DateTime! lastEditedAt: DateTime url: URI! }
  type IssueCommentConnection { nodes: [IssueComment] totalCount: Int! }
  interface Labelable { labels(first: Int): LabelConnection }
  type Issue implements Node & Labelable {
    id: ID!
    number: Int!
    title: String!
    body: String!
    state: IssueState!
    url: URI!
    author: Actor
    labels(first: Int): LabelConnection
    comments(first: Int, last: Int): IssueCommentConnection!
    closedByPullRequestsReferences(first: Int, includeClosedPrs: Boolean = false): PullRequestConnection
  }
  type PullRequestConnection { nodes: [PullRequest] totalCount: Int! }
  type PullRequestReviewComment implements Node {
    id: ID!
    databaseId: Int
    author: Actor
    body: String!
    createdAt: DateTime!
    url: URI!
  }
  type PullRequestReviewCommentConnection { nodes: [PullRequestReviewComment] totalCount: Int! }
  enum DiffSide { LEFT RIGHT }
  type PullRequestReviewThread implements Node {
    id: ID!
    path: String!
    diffSide: DiffSide!
    startLine: Int
    line: Int
    originalLine: Int
    isResolved: Boolean!
    isOutdated: Boolean!
    pullRequest: PullRequest!
    comments(first: Int, last: Int): PullRequestReviewCommentConnection!
  }
  type PullRequestReviewThreadConnection { nodes: [PullRequestReviewThread] totalCount: Int! }

  type Mutation {
    createCommitOnBranch(input: CreateCommitOnBranchInput!): CreateCommitOnBranchPayload
    markPullRequestReadyForReview(input: MarkPullRequestReadyForReviewInput!): MarkPullRequestReadyForReviewPayload
    convertPullRequestToDraft(input: ConvertPullRequestToDraftInput!): ConvertPullRequestToDraftPayload
    resolveReviewThread(input: ResolveReviewThreadInput!): ResolveReviewThreadPayload
    addReaction(input: AddReactionInput!): AddReactionPayload
    removeReaction(input: RemoveReactionInput!): RemoveReactionPayload
    addComment(input: AddCommentInput!): AddCommentPayload
    updateIssueComment(input: UpdateIssueCommentInput!): UpdateIssueCommentPayload
    addLabelsToLabelable(input: AddLabelsToLabelableInput!): AddLabelsToLabelablePayload
    removeLabelsFromLabelable(input: RemoveLabelsFromLabelableInput!): RemoveLabelsFromLabelablePayload
    createCheckRun(input: CreateCheckRunInput!): CreateCheckRunPayload
    updateCheckRun(input: UpdateCheckRunInput!): UpdateCheckRunPayload
  }

  input ResolveReviewThreadInput { clientMutationId: String threadId: ID! }
  type ResolveReviewThreadPayload { clientMutationId: String thread: PullRequestReviewThread }

  enum ReactionContent { THUMBS_UP THUMBS_DOWN LAUGH HOORAY CONFUSED HEART ROCKET EYES }
  type Reaction implements Node { id: ID! databaseId: Int content: ReactionContent! createdAt: DateTime! user: User }
  input AddReactionInput { clientMutationId: String subjectId: ID! content: ReactionContent! }
  type AddReactionPayload { clientMutationId: String reaction: Reaction }
  input RemoveReactionInput { clientMutationId: String subjectId: ID! content: ReactionContent! }
  type RemoveReactionPayload { clientMutationId: String reaction: Reaction }

  input AddCommentInput { clientMutationId: String subjectId: ID! body: String! }
  type IssueCommentEdge { node: IssueComment }
  type AddCommentPayload { clientMutationId: String commentEdge: IssueCommentEdge subject: Node }
  input UpdateIssueCommentInput { clientMutationId: String id: ID! body: String! }
  type UpdateIssueCommentPayload { clientMutationId: String issueComment: IssueComment }
  input AddLabelsToLabelableInput { clientMutationId: String labelableId: ID! labelIds: [ID!]! }
  type AddLabelsToLabelablePayload { clientMutationId: String labelable: Labelable }
  input RemoveLabelsFromLabelableInput { clientMutationId: String labelableId: ID! labelIds: [ID!]! }
  type RemoveLabelsFromLabelablePayload { clientMutationId: String labelable: Labelable }

  enum RequestableCheckStatusState { COMPLETED IN_PROGRESS PENDING QUEUED WAITING }
  enum CheckStatusState { COMPLETED IN_PROGRESS PENDING QUEUED REQUESTED WAITING }
  enum CheckConclusionState { ACTION_REQUIRED CANCELLED FAILURE NEUTRAL SKIPPED STALE STARTUP_FAILURE SUCCESS TIMED_OUT }
  enum CheckAnnotationLevel { FAILURE NOTICE WARNING }
  type CheckRun implements Node {
    id: ID!
    databaseId: Int
    name: String!
    status: CheckStatusState!
    conclusion: CheckConclusionState
    externalId: String
    startedAt: DateTime
    completedAt: DateTime
    permalink: URI!
    url: URI!
  }
  input CheckAnnotationRange { startLine: Int! endLine: Int! startColumn: Int endColumn: Int }
  input CheckAnnotationData {
    path: String!
    location: CheckAnnotationRange!
    annotationLevel: CheckAnnotationLevel!
    message: String!
    title: String
    rawDetails: String
  }
  input CheckRunOutput { title: String! summary: String! text: String annotations: [CheckAnnotationData!] }
  input CheckRunAction { label: String! description: String! identifier: String! }
  input CreateCheckRunInput {
    clientMutationId: String
    repositoryId: ID!
    name: String!
    headSha: GitObjectID!
    detailsUrl: URI
    externalId: String
    status: RequestableCheckStatusState
    startedAt: DateTime
    conclusion: CheckConclusionState
    completedAt: DateTime
    output: CheckRunOutput
    actions: [CheckRunAction!]
  }
  type CreateCheckRunPayload { clientMutationId: String checkRun: CheckRun }
  input UpdateCheckRunInput {
    clientMutationId: String
    repositoryId: ID!
    checkRunId: ID!
    name: String
    detailsUrl: URI
    externalId: String
    status: RequestableCheckStatusState
    startedAt: DateTime
    conclusion: CheckConclusionState
    completedAt: DateTime
    output: CheckRunOutput
    actions: [CheckRunAction!]
  }
  type UpdateCheckRunPayload { clientMutationId: String checkRun: CheckRun }

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
  type PullRequest implements Node & Labelable {
    id: ID!
    number: Int!
    isDraft: Boolean!
    title: String!
    body: String!
    state: PullRequestState!
    url: URI!
    headRefOid: GitObjectID!
    author: Actor
    repository: Repository!
    labels(first: Int): LabelConnection
    comments(first: Int, last: Int): IssueCommentConnection!
    reviewThreads(first: Int, last: Int): PullRequestReviewThreadConnection!
  }
  type MarkPullRequestReadyForReviewPayload { clientMutationId: String pullRequest: PullRequest }
  type ConvertPullRequestToDraftPayload { clientMutationId: String pullRequest: PullRequest }
`;
