// Everything the local GitHub knows, in memory. Only git objects and refs are on disk, as bare repositories in the data folder;
// the rest need not survive a restart of this process: a demo or a test begins with an empty one.
import type { KeyObject } from "node:crypto";
import type { Logger } from "pino";
import type { Git } from "./git/git.ts";
import type { Fault, Limits, RequestRecord } from "./observed.ts";
import type { WorkflowRun } from "./workflow-run.ts";

export type Level = "read" | "write" | "admin";
export type Permissions = Record<string, Level>;
export const roles = ["read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];

export interface Account {
  id: number;
  login: string;
  type: "User" | "Organization" | "Bot";
  createdAt: string;
}

export interface App {
  id: number;
  slug: string;
  name: string;
  clientId: string;
  publicKey: KeyObject;
  owner: Account;
  bot: Account;
  /** Whether people may assign its bot. GitHub lets them for Copilot and its partners' agents, and for no other App. */
  isAssignable: boolean;
  webhookUrl: string;
  webhookSecret: string;
  permissions: Permissions;
  events: string[];
  createdAt: string;
  /** The homepage that the App's manifest names. */
  externalUrl?: string;
  /** Where a person goes who has installed it. */
  setupUrl?: string;
  /** Deliveries leave one after the other; this is the end of the line. */
  outbox: Promise<void>;
}

/** What the code from the manifest flow is exchanged for, once and within an hour. */
export interface ManifestConversion {
  app: App;
  /** PEM */
  privateKey: string;
  clientSecret: string;
  expiresAt: number;
}

export interface Installation {
  id: number;
  app: App;
  account: Account;
  /** Undefined means every repository of the account. */
  repositoryIds: Set<number> | undefined;
  createdAt: string;
  suspendedAt: string | null;
}

export interface InstallationToken {
  kind: "installation";
  installation: Installation;
  repositoryIds: Set<number> | undefined;
  permissions: Permissions;
  expiresAt: number;
}

export type Token = InstallationToken | { kind: "user"; account: Account };

export type Actor =
  | { kind: "anonymous" }
  | { kind: "app"; app: App }
  | { kind: "installation"; token: InstallationToken }
  | { kind: "user"; account: Account };

export interface Label {
  id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Reaction {
  id: number;
  author: Account;
  content: string;
  createdAt: string;
}

export interface Comment {
  id: number;
  issue: Issue;
  author: Account;
  app: App | undefined;
  body: string;
  createdAt: string;
  updatedAt: string;
  /** When its text was last changed, if it was. */
  editedAt?: string;
  reactions: Reaction[];
}

export interface Issue {
  id: number;
  number: number;
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: string | null;
  labels: Label[];
  assignees: Account[];
  author: Account;
  app: App | undefined;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: Account | null;
  comments: Comment[];
  reactions: Reaction[];
  pull?: Pull;
}

/** What a pull request has beyond the issue of the same number. */
export interface Pull {
  id: number;
  /** `fork`: the repository that the head is in, when it is not this one. */
  head: { ref: string; sha: string; fork?: Repository };
  base: { ref: string; sha: string };
  draft: boolean;
  mergedAt: string | null;
  mergedBy: Account | null;
  mergeCommitSha: string | null;
  reviews: Review[];
  threads: ReviewThread[];
}

interface Written {
  id: number;
  author: Account;
  app: App | undefined;
  createdAt: string;
}

export interface Review extends Written {
  body: string;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED";
  commitSha: string;
  reactions: Reaction[];
}

export interface ReviewComment extends Written {
  reviewId: number;
  body: string;
  reactions: Reaction[];
}

/** Comments on one line of a pull request's diff; the first one opened it. */
export interface ReviewThread {
  id: number;
  path: string;
  /** Of several lines the first; absent for one line. */
  startLine?: number;
  line: number;
  side: "LEFT" | "RIGHT";
  commitSha: string;
  diffHunk: string;
  isResolved: boolean;
  comments: ReviewComment[];
}

export interface CheckRun {
  id: number;
  suiteId: number;
  app: App;
  name: string;
  headSha: string;
  externalId: string;
  detailsUrl: string | null;
  status: string;
  conclusion: string | null;
  startedAt: string;
  completedAt: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: Record<string, unknown>[];
  actions: { label: string; description: string; identifier: string }[];
}

export interface Deployment extends Written {
  sha: string;
  ref: string;
  task: string;
  environment: string;
  payload: Record<string, unknown> | string;
  description: string | null;
  statuses: DeploymentStatus[];
}

export interface DeploymentStatus extends Written {
  state: string;
  description: string;
  logUrl: string;
  environmentUrl: string;
}

export interface Repository {
  id: number;
  owner: Account;
  name: string;
  path: string;
  /** The repository that it is a fork of. */
  parent?: Repository | undefined;
  /** What it was called before, as `owner/name` in small letters: GitHub leads on from there. */
  formerNames: Set<string>;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  createdAt: string;
  updatedAt: string;
  pushedAt: string;
  nextNumber: number;
  issues: Issue[];
  labels: Label[];
  checkRuns: CheckRun[];
  workflowRuns: WorkflowRun[];
  deployments: Deployment[];
  collaborators: Map<number, Role>;
  /** Commits made through the API by an App: GitHub signs these itself. */
  signedCommits: Set<string>;
  /** Whoever changes refs waits for the one before. */
  refsLock: Promise<unknown>;
}

export interface Delivery {
  id: number;
  app: App;
  guid: string;
  event: string;
  action: string | null;
  deliveredAt: string;
  redelivery: boolean;
  durationMs: number;
  status: string;
  statusCode: number;
  installationId: number | null;
  repositoryId: number | null;
  url: string;
  body: string;
  requestHeaders: Record<string, string>;
  responseHeaders: Record<string, string>;
  responseBody: string;
}

export interface Team {
  owner: Account;
  slug: string;
  /** By the person's id. Who was invited and has not answered is pending. */
  members: Map<number, "active" | "pending">;
}

export interface Hub {
  /** http://127.0.0.1:PORT, known once the server listens. */
  url: string;
  dataDir: string;
  log: Logger;
  git: Git;
  closing: AbortController;
  nextId(): number;
  accounts: Map<string, Account>;
  tokens: Map<string, Token>;
  apps: App[];
  /** By their codes. */
  conversions: Map<string, ManifestConversion>;
  installations: Installation[];
  teams: Team[];
  repositories: Repository[];
  deliveries: Delivery[];
  requests: RequestRecord[];
  faults: Fault[];
  limits: Limits;
  /** Requests of each actor in the current hour, by resource and actor. */
  hours: Map<string, { used: number; resetsAt: number }>;
  /** When each actor created content. */
  contentTimes: Map<string, number[]>;
}

export function createHub(deps: { dataDir: string; log: Logger; git: Git }): Hub {
  let lastId = 1000;
  return {
    ...deps,
    url: "",
    closing: new AbortController(),
    nextId: () => ++lastId,
    accounts: new Map(),
    tokens: new Map(),
    apps: [],
    conversions: new Map(),
    installations: [],
    teams: [],
    repositories: [],
    deliveries: [],
    requests: [],
    faults: [],
    limits: { requestsPerHour: 5000, contentPerMinute: null },
    hours: new Map(),
    contentTimes: new Map(),
  };
}

/** GitHub's times have whole seconds. */
export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}

export function nodeId(prefix: string, id: number | string): string {
  return `${prefix}_${Buffer.from(String(id)).toString("base64url")}`;
}

/** The id inside a node id of that prefix, or undefined when it is another kind of node. */
export function readNodeId(prefix: string, node: string): string | undefined {
  if (!node.startsWith(`${prefix}_`)) return undefined;
  return Buffer.from(node.slice(prefix.length + 1), "base64url").toString();
}
