// Files and folders of a commit, as the Contents API shows them.
import { resolveCommit } from "../git/commits.ts";
import { entryAt, readBlob, readTree, type TreeEntry } from "../git/trees.ts";
import { must, Problem } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { repositoryApi, repositoryPage } from "../shapes/repository.ts";

export const contentRoutes: Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/contents/{path}",
    permission: "contents:read",
    handler: getContents,
  },
];

async function getContents(request: ApiRequest) {
  const { hub, repository } = request;
  const path = request.param("path").replace(/^\/+|\/+$/g, "");
  const ref = request.query("ref") ?? repository.defaultBranch;
  const commit = await resolveCommit(hub, repository, ref);
  if (!commit) throw new Problem(404, `No commit found for the ref ${ref}`);
  if (path === "") return listFolder(request, { commit, ref, path });
  const entry = must(await entryAt(hub, repository, commit, path));
  if (entry.type === "tree") return listFolder(request, { commit, ref, path: `${path}/` });
  if (entry.type === "blob") return getFile(request, entry, ref);
  return { body: { ...describe(request, entry, ref), type: "submodule", submodule_git_url: null } };
}

interface Folder {
  commit: string;
  ref: string;
  /** Ends in a slash, or is empty for the root. */
  path: string;
}

async function listFolder(request: ApiRequest, { commit, ref, path }: Folder) {
  const { hub, repository } = request;
  const entries = must(await readTree(hub, repository, { treeish: commit, path }));
  return { body: entries.map((entry) => describe(request, entry, ref)) };
}

const megabyte = 1024 * 1024;

async function getFile(request: ApiRequest, entry: TreeEntry, ref: string) {
  const blob = must(await readBlob(request.hub, request.repository, entry.sha));
  if (request.accepts("raw")) {
    const headers = { "content-type": "application/vnd.github.raw; charset=utf-8" };
    return { raw: new Uint8Array(blob), headers };
  }
  const shown = describe(request, entry, ref);
  if (entry.mode === "120000") return { body: { ...shown, target: blob.toString() } };
  // GitHub leaves bigger files out: they are to be read as raw.
  if (blob.length > megabyte) return { body: { ...shown, content: "", encoding: "none" } };
  return { body: { ...shown, content: wrapped(blob.toString("base64")), encoding: "base64" } };
}

/** GitHub breaks base64 into lines of 60 characters. */
export function wrapped(base64: string): string {
  return base64.replace(/.{1,60}/g, "$&\n");
}

function describe({ hub, repository }: ApiRequest, entry: TreeEntry, ref: string) {
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const api = repositoryApi(hub, repository);
  const page = repositoryPage(hub, repository);
  const isFolder = entry.type === "tree";
  const self = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const git = `${api}/git/${isFolder ? "trees" : "blobs"}/${entry.sha}`;
  const html = `${page}/${isFolder ? "tree" : "blob"}/${ref}/${path}`;
  return {
    name: entry.path.split("/").at(-1),
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url: self,
    html_url: html,
    git_url: git,
    download_url: isFolder ? null : `${page}/raw/${ref}/${path}`,
    type: typeOf(entry),
    _links: { self, git, html },
  };
}

function typeOf(entry: TreeEntry): string {
  if (entry.type === "tree") return "dir";
  return entry.mode === "120000" ? "symlink" : "file";
}
