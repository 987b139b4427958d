// Branches and tags as refs of the Git database.
import { z } from "zod";
import { refuseWorkflowsAt } from "../access/workflow-files.ts";
import { changeRefs } from "../actions/change-refs.ts";
import { moveRef, type Refs, readRefs, zeroSha } from "../git/refs.ts";
import { type Hub, nodeId, type Repository } from "../hub.ts";
import { accountOf } from "../lookups.ts";
import { must, Problem } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { repositoryApi } from "../shapes/repository.ts";

const git = "/repos/{owner}/{repo}/git";

export const refRoutes: Route[] = [
  { method: "GET", path: `${git}/ref/{ref}`, permission: "contents:read", handler: getRef },
  { method: "GET", path: `${git}/matching-refs/{ref}`, permission: "contents:read", handler: matchRefs },
  { method: "POST", path: `${git}/refs`, permission: "contents:write", handler: createRef },
  { method: "PATCH", path: `${git}/refs/{ref}`, permission: "contents:write", handler: updateRef },
  { method: "DELETE", path: `${git}/refs/{ref}`, permission: "contents:write", handler: deleteRef },
];

/** The node id of a ref, and back: repository id and full ref name. */
export function refNodeId(repository: Repository, ref: string): string {
  return nodeId("REF", `${repository.id}:${ref}`);
}

async function showRef(hub: Hub, repository: Repository, ref: string, sha: string) {
  const api = `${repositoryApi(hub, repository)}/git`;
  const type = await hub.git.text(repository.path, ["cat-file", "-t", sha]);
  return {
    ref,
    node_id: refNodeId(repository, ref),
    url: `${api}/${ref}`,
    object: { sha, type, url: `${api}/${type}s/${sha}` },
  };
}

async function getRef({ hub, repository, param }: ApiRequest) {
  const ref = `refs/${param("ref")}`;
  const sha = must((await readRefs(hub, repository)).get(ref));
  return { body: await showRef(hub, repository, ref, sha) };
}

async function matchRefs({ hub, repository, param }: ApiRequest) {
  const refs = await readRefs(hub, repository, `refs/${param("ref")}`);
  return { body: await Promise.all([...refs].map(([ref, sha]) => showRef(hub, repository, ref, sha))) };
}

const newRef = z.object({ ref: z.string(), sha: z.string() });

async function createRef(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const { ref, sha } = request.input(newRef, "Reference");
  const checked = await hub.git.attempt(repository.path, ["check-ref-format", ref]);
  if (!/^refs\/(heads|tags)\/./.test(ref) || checked.code !== 0) {
    throw new Problem(422, "Reference name is not valid: it has to begin with refs/heads/ or refs/tags/");
  }
  await requireObject(request, sha);
  await changeRefs(hub, repository, accountOf(actor), async (refs) => {
    if (refs.has(ref)) throw new Problem(422, "Reference already exists");
    await refuseWorkflows(request, sha, refs);
    if (!(await moveRef(hub, repository, { ref, before: zeroSha, after: sha }))) {
      throw new Problem(422, "Reference cannot be created: another one has a conflicting name");
    }
  });
  return { status: 201, body: await showRef(hub, repository, ref, sha) };
}

async function requireObject({ hub, repository }: ApiRequest, sha: string): Promise<void> {
  const isSha = /^[0-9a-f]{40}$/.test(sha);
  if (isSha && (await hub.git.attempt(repository.path, ["cat-file", "-e", sha])).code === 0) return;
  throw new Problem(422, "Object does not exist");
}

async function refuseWorkflows(request: ApiRequest, sha: string, refs: Refs): Promise<void> {
  const branches = [...refs].flatMap(([ref, tip]) => (ref.startsWith("refs/heads/") ? [tip] : []));
  await refuseWorkflowsAt(sha, { ...request, branches });
}

const refUpdate = z.object({ sha: z.string(), force: z.boolean().default(false) });

async function updateRef(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const ref = `refs/${request.param("ref")}`;
  const { sha, force } = request.input(refUpdate, "Reference");
  await requireObject(request, sha);
  await changeRefs(hub, repository, accountOf(actor), async (refs) => {
    const before = refs.get(ref);
    if (!before) throw new Problem(422, "Reference does not exist");
    const forward = await hub.git.attempt(repository.path, ["merge-base", "--is-ancestor", before, sha]);
    if (!force && forward.code !== 0) throw new Problem(422, "Update is not a fast forward");
    await refuseWorkflows(request, sha, refs);
    await moveRef(hub, repository, { ref, before, after: sha });
  });
  return { body: await showRef(hub, repository, ref, sha) };
}

async function deleteRef({ hub, repository, actor, param }: ApiRequest) {
  const ref = `refs/${param("ref")}`;
  await changeRefs(hub, repository, accountOf(actor), async (refs) => {
    const before = refs.get(ref);
    if (!before) throw new Problem(422, "Reference does not exist");
    await moveRef(hub, repository, { ref, before, after: zeroSha });
  });
  return { status: 204 };
}
