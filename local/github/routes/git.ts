// The Git database: blobs, trees and commits, read from and written to the bare repository.
import { z } from "zod";
import { refuseWorkflowFiles } from "../access/workflow-files.ts";
import { sign, signatureOf, webFlow } from "../actions/signature.ts";
import { readCommit, readCommits, type Signature, writeCommit } from "../git/commits.ts";
import { readBlob, readTree, type TreeEntry, writeBlob, writeTree } from "../git/trees.ts";
import { nodeId } from "../hub.ts";
import { invalid, must, Problem } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { showGitCommit } from "../shapes/commit.ts";
import { repositoryApi } from "../shapes/repository.ts";
import { wrapped } from "./contents.ts";

const git = "/repos/{owner}/{repo}/git";

export const gitRoutes: Route[] = [
  { method: "POST", path: `${git}/blobs`, permission: "contents:write", handler: createBlob },
  { method: "GET", path: `${git}/blobs/{file_sha}`, permission: "contents:read", handler: getBlob },
  { method: "POST", path: `${git}/trees`, permission: "contents:write", handler: createTree },
  { method: "GET", path: `${git}/trees/{tree_sha}`, permission: "contents:read", handler: getTree },
  { method: "POST", path: `${git}/commits`, permission: "contents:write", handler: createCommit },
  { method: "GET", path: `${git}/commits/{commit_sha}`, permission: "contents:read", handler: getCommit },
];

const blobInput = z.object({ content: z.string(), encoding: z.enum(["utf-8", "base64"]).default("utf-8") });

async function createBlob(request: ApiRequest) {
  const { hub, repository } = request;
  const { content, encoding } = request.input(blobInput, "Blob");
  const sha = await writeBlob(hub, repository, Buffer.from(content, encoding));
  return { status: 201, body: { sha, url: `${repositoryApi(hub, repository)}/git/blobs/${sha}` } };
}

async function getBlob(request: ApiRequest) {
  const { hub, repository } = request;
  const sha = request.param("file_sha");
  const blob = must(await readBlob(hub, repository, sha));
  if (request.accepts("raw")) {
    return { raw: new Uint8Array(blob), headers: { "content-type": "application/vnd.github.raw" } };
  }
  return {
    body: {
      sha,
      node_id: nodeId("B", `${repository.id}:${sha}`),
      size: blob.length,
      url: `${repositoryApi(hub, repository)}/git/blobs/${sha}`,
      content: wrapped(blob.toString("base64")),
      encoding: "base64",
    },
  };
}

const treeInput = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: z.string().min(1),
      mode: z.enum(["100644", "100755", "040000", "160000", "120000"]),
      type: z.enum(["blob", "tree", "commit"]).optional(),
      sha: z.string().nullable().optional(),
      content: z.string().optional(),
    }),
  ),
});

async function createTree(request: ApiRequest) {
  const { hub, repository } = request;
  const { base_tree: base, tree } = request.input(treeInput, "Tree");
  refuseWorkflowFiles(
    request.actor,
    tree.map(({ path }) => path),
  );
  if (base !== undefined && !(await isTree(request, base)))
    throw new Problem(422, "base_tree is not a valid tree");
  const changes = [];
  for (const { path, mode, sha, content } of tree) {
    if (sha === undefined && content === undefined) throw invalid("Tree", "sha", "missing_field");
    const blob = content === undefined ? (sha ?? null) : await writeBlob(hub, repository, content);
    changes.push({ path, mode, sha: blob });
  }
  const sha = await writeTree(hub, repository, base, changes).catch((error: unknown) => {
    hub.log.warn({ err: error }, "tree refused by git");
    throw new Problem(422, "tree contains a path or an object that git does not take");
  });
  const entries = must(await readTree(hub, repository, { treeish: sha }));
  return { status: 201, body: showTree(request, sha, entries) };
}

async function isTree({ hub, repository }: ApiRequest, sha: string): Promise<boolean> {
  return /^[0-9a-f]{40}$/.test(sha) && (await readTree(hub, repository, { treeish: sha })) !== undefined;
}

async function getTree(request: ApiRequest) {
  const { hub, repository } = request;
  const asked = request.param("tree_sha");
  const treeish = /^[0-9a-f]{40}$/.test(asked) ? asked : `refs/heads/${asked}`;
  const tree = await hub.git.attempt(repository.path, [
    "rev-parse",
    "--verify",
    "--quiet",
    `${treeish}^{tree}`,
  ]);
  if (tree.code !== 0) throw new Problem(404, "Not Found");
  const sha = tree.stdout.toString().trim();
  const recursive = request.query("recursive") !== undefined;
  return { body: showTree(request, sha, must(await readTree(hub, repository, { treeish: sha, recursive }))) };
}

const folders: Record<string, string> = { tree: "trees", blob: "blobs", commit: "commits" };

function showTree({ hub, repository }: ApiRequest, sha: string, entries: TreeEntry[]) {
  const api = `${repositoryApi(hub, repository)}/git`;
  return {
    sha,
    url: `${api}/trees/${sha}`,
    truncated: false,
    tree: entries.map(({ path, mode, type, sha, size }) => ({
      path,
      mode,
      type,
      sha,
      ...(size === undefined ? {} : { size }),
      url: `${api}/${folders[type]}/${sha}`,
    })),
  };
}

const personInput = z.object({
  name: z.string(),
  email: z.string(),
  date: z.iso.datetime({ offset: true }).optional(),
});
const commitInput = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: personInput.optional(),
  committer: personInput.optional(),
});

async function createCommit(request: ApiRequest) {
  const { hub, repository, actor } = request;
  const { message, tree, parents, ...people } = request.input(commitInput, "Commit");
  if (!(await isTree(request, tree))) throw new Problem(422, "Tree SHA does not exist");
  for (const parent of parents)
    await requireCommit(request, parent, new Problem(422, "Parent SHA does not exist"));
  // Only what an App writes in its own name is signed by GitHub.
  const isSigned = actor.kind === "installation" && !people.author && !people.committer;
  const author = dated(people.author) ?? signatureOf(actor);
  const committer = dated(people.committer) ?? (isSigned ? webFlow() : author);
  const sha = await writeCommit(hub, repository, { message, tree, parents, author, committer });
  if (isSigned) sign(repository, sha);
  const commit = await readCommit(hub, repository, sha);
  return { status: 201, body: showGitCommit(hub, repository, commit) };
}

function dated(person: z.infer<typeof personInput> | undefined): Signature | undefined {
  return person && { ...person, date: person.date ?? new Date().toISOString() };
}

async function requireCommit({ hub, repository }: ApiRequest, sha: string, problem: Problem): Promise<void> {
  if (!/^[0-9a-f]{40}$/.test(sha)) throw problem;
  const found = await hub.git.attempt(repository.path, ["cat-file", "-e", `${sha}^{commit}`]);
  if (found.code !== 0) throw problem;
}

async function getCommit(request: ApiRequest) {
  const { hub, repository } = request;
  const sha = request.param("commit_sha");
  await requireCommit(request, sha, new Problem(404, "Not Found"));
  const [commit] = await readCommits(hub, repository, ["--no-walk", sha]);
  return { body: showGitCommit(hub, repository, must(commit)) };
}
