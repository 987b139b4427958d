// Repositories from outside: made, looked into, shared with people.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createBareRepository, ImportProblem } from "../git/import-repository.ts";
import { readRefs } from "../git/refs.ts";
import {
  type CheckRun,
  type Deployment,
  type Hub,
  type Issue,
  now,
  type Reaction,
  type Repository,
} from "../hub.ts";
import { findAccount, findRepository, fullName } from "../lookups.ts";
import { Problem } from "../rest/problem.ts";
import { showRepository } from "../shapes/repository.ts";
import { ownerNamed } from "./apps.ts";
import type { Control, ControlRequest } from "./control.ts";
import { collaborator, newRepository } from "./inputs.ts";

export const repositoryControls: Control[] = [
  { method: "POST", path: "/repositories", handler: createRepository },
  {
    method: "GET",
    path: "/repositories/:owner/:repo",
    handler: ({ hub, param }) => details(hub, repositoryIn(hub, param)),
  },
  { method: "PUT", path: "/repositories/:owner/:repo/collaborators/:login", handler: setCollaborator },
];

async function createRepository({ hub, input }: ControlRequest) {
  const wanted = input(newRepository);
  if (findRepository(hub, wanted.owner, wanted.name)) {
    throw new Problem(422, `There is a repository ${wanted.owner}/${wanted.name} already.`);
  }
  const parent = wanted.forkOf === undefined ? undefined : repositoryNamed(hub, wanted.forkOf);
  const path = join(hub.dataDir, "repositories", wanted.owner, `${wanted.name}.git`);
  await rm(path, { recursive: true, force: true }); // left by an earlier run in the same folder
  const defaultBranch = await createBareRepository(hub.git, path, wanted.from ?? parent?.path).catch(
    (error: unknown) => {
      throw error instanceof ImportProblem ? new Problem(422, error.message) : error;
    },
  );
  const repository: Repository = {
    id: hub.nextId(),
    owner: ownerNamed(hub, wanted.owner),
    name: wanted.name,
    path,
    parent,
    formerNames: new Set(),
    private: wanted.private,
    archived: false,
    defaultBranch,
    createdAt: now(),
    updatedAt: now(),
    // Nobody has pushed to a new fork.
    pushedAt: parent?.pushedAt ?? now(),
    nextNumber: 1,
    issues: [],
    labels: [],
    checkRuns: [],
    workflowRuns: [],
    deployments: [],
    collaborators: new Map(),
    signedCommits: new Set(),
    refsLock: Promise.resolve(),
  };
  hub.repositories.push(repository);
  return { ...showRepository(hub, repository), path };
}

export function repositoryIn(hub: Hub, param: ControlRequest["param"]): Repository {
  return repositoryNamed(hub, `${param("owner")}/${param("repo")}`);
}

function repositoryNamed(hub: Hub, fullName: string): Repository {
  const [owner = "", name = ""] = fullName.split("/");
  const found = findRepository(hub, owner, name);
  if (!found) throw new Problem(404, `There is no repository ${fullName}.`);
  return found;
}

function setCollaborator({ hub, param, input }: ControlRequest) {
  const account = findAccount(hub, param("login"));
  if (!account)
    throw new Problem(404, `There is no user ${param("login")}. Create it with POST /_local/users.`);
  repositoryIn(hub, param).collaborators.set(account.id, input(collaborator).role_name);
}

export type RepositoryDetails = Awaited<ReturnType<typeof details>>;

/** All there is to know about a repository, flat and short, for assertions. */
async function details(hub: Hub, repository: Repository) {
  const refs = await readRefs(hub, repository, "refs/heads/");
  const branches = [...refs].map(([ref, sha]) => [ref.replace("refs/heads/", ""), sha] as const);
  const pulls = repository.issues.filter((issue) => issue.pull);
  return {
    id: repository.id,
    full_name: fullName(repository),
    path: repository.path,
    private: repository.private,
    default_branch: repository.defaultBranch,
    branches: Object.fromEntries(branches) as Record<string, string>,
    issues: repository.issues.filter((issue) => !issue.pull).map(showIssue),
    pulls: pulls.map((issue) => ({ ...showIssue(issue), ...showPull(issue) })),
    check_runs: repository.checkRuns.map(showCheckRun),
    workflow_runs: repository.workflowRuns.map(({ id, attempt, status }) => ({ id, attempt, status })),
    deployments: repository.deployments.map(showDeployment),
    requests: countRequests(hub, repository),
  };
}

function showIssue({ number, title, body, state, labels, author, comments, reactions }: Issue) {
  return {
    number,
    title,
    body,
    state,
    author: author.login,
    labels: labels.map(({ name }) => name),
    reactions: reactions.map(showReaction),
    comments: comments.map((comment) => ({
      id: comment.id,
      author: comment.author.login,
      body: comment.body,
      reactions: comment.reactions.map(showReaction),
    })),
  };
}

function showReaction({ content, author }: Reaction) {
  return { content, login: author.login };
}

function showPull({ pull }: Issue) {
  if (!pull) return {};
  const { head, base, draft, mergedAt, mergeCommitSha } = pull;
  return {
    head: { ref: head.ref, sha: head.sha },
    base: { ...base },
    draft,
    reviews: pull.reviews.map(({ state, body, author, reactions }) => ({
      ...{ state, body, author: author.login },
      reactions: reactions.map(showReaction),
    })),
    threads: pull.threads.map(({ path, startLine, line, side, isResolved, comments }) => ({
      path,
      ...(startLine === undefined ? {} : { startLine }),
      line,
      side,
      isResolved,
      comments: comments.map(({ body, author, reactions }) => ({
        ...{ body, author: author.login },
        reactions: reactions.map(showReaction),
      })),
    })),
    merged: mergedAt !== null,
    merge_commit_sha: mergeCommitSha,
  };
}

function showCheckRun(run: CheckRun) {
  return {
    id: run.id,
    name: run.name,
    app: run.app.slug,
    head_sha: run.headSha,
    external_id: run.externalId,
    status: run.status,
    conclusion: run.conclusion,
    output: run.output,
    annotations: run.annotations,
    actions: run.actions,
  };
}

function showDeployment({ id, sha, environment, payload, statuses }: Deployment) {
  return { id, sha, environment, payload, statuses: statuses.map(({ state }) => state) };
}

function countRequests(hub: Hub, repository: Repository) {
  const prefix = `/repos/${fullName(repository)}`.toLowerCase();
  const own = hub.requests.filter(({ path }) => `${path}/`.toLowerCase().startsWith(`${prefix}/`));
  return {
    total: own.length,
    writes: own.filter(({ method }) => method !== "GET").length,
    content_creating: own.filter(({ contentCreating }) => contentCreating).length,
  };
}
