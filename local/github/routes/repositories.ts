// Repositories, their branches, their collaborators.
import { roleOf } from "../access/authorize.ts";
import { readCommit } from "../git/commits.ts";
import { readRefs } from "../git/refs.ts";
import { findAccount } from "../lookups.ts";
import { page } from "../rest/page.ts";
import { must, Problem } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { showAccount, showRights } from "../shapes/account.ts";
import { showCommit } from "../shapes/commit.ts";
import { repositoryApi, repositoryPage, showFullRepository } from "../shapes/repository.ts";

export const repositoryRoutes: Route[] = [
  { method: "GET", path: "/repos/{owner}/{repo}", permission: "metadata:read", handler: getRepository },
  {
    method: "GET",
    path: "/repositories/{repository_id}",
    permission: "metadata:read",
    handler: getRepository,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/collaborators/{username}/permission",
    permission: "metadata:read",
    alwaysNeedsToken: true,
    handler: getPermission,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/branches",
    permission: "contents:read",
    handler: listBranches,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/branches/{branch}",
    permission: "contents:read",
    handler: getBranch,
  },
];

function getRepository({ hub, repository, actor }: ApiRequest) {
  return { body: showFullRepository(hub, repository, actor) };
}

// GitHub's older field knows four levels; `role_name` tells all of them apart.
const oldNames = { read: "read", triage: "read", write: "write", maintain: "write", admin: "admin" };

function getPermission({ hub, repository, param }: ApiRequest) {
  const account = must(findAccount(hub, param("username")));
  const role = roleOf(repository, account);
  return {
    body: {
      permission: role ? oldNames[role] : "none",
      role_name: role ?? "none",
      user: {
        ...showAccount(hub, account),
        permissions: showRights(role),
        role_name: role ?? "none",
      },
    },
  };
}

async function listBranches(request: ApiRequest) {
  const { hub, repository } = request;
  const refs = await readRefs(hub, repository, "refs/heads/");
  return page(request, [...refs], ([ref, sha]) => ({
    name: ref.replace("refs/heads/", ""),
    commit: { sha, url: `${repositoryApi(hub, repository)}/commits/${sha}` },
    protected: false,
  }));
}

async function getBranch({ hub, repository, param }: ApiRequest) {
  const name = param("branch");
  const refs = await readRefs(hub, repository, "refs/heads/");
  const sha = refs.get(`refs/heads/${name}`);
  if (!sha) throw new Problem(404, "Branch not found");
  const url = `${repositoryApi(hub, repository)}/branches/${encodeURIComponent(name)}`;
  return {
    body: {
      name,
      commit: showCommit(hub, repository, await readCommit(hub, repository, sha)),
      _links: { self: url, html: `${repositoryPage(hub, repository)}/tree/${name}` },
      protected: false,
      protection: {
        enabled: false,
        required_status_checks: { enforcement_level: "off", contexts: [], checks: [] },
      },
      protection_url: `${url}/protection`,
    },
  };
}
