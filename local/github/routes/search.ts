// Search in the code of default branches: words, and the qualifiers that narrow where they are looked for.
import { grants, inScope } from "../access/authorize.ts";
import { readBlob, readTree, type TreeEntry } from "../git/trees.ts";
import type { Actor, Repository } from "../hub.ts";
import { fullName } from "../lookups.ts";
import { page } from "../rest/page.ts";
import { invalid, Problem } from "../rest/problem.ts";
import type { ApiRequest, Route } from "../rest/route.ts";
import { repositoryApi, repositoryPage, showRepository } from "../shapes/repository.ts";

export const searchRoutes: Route[] = [
  { method: "GET", path: "/search/code", permission: "none", handler: searchCode },
];

/** GitHub has only smaller files in its index. */
const largest = 384 * 1024;

async function searchCode(request: ApiRequest) {
  const { hub, actor } = request;
  if (actor.kind === "anonymous") throw new Problem(401, "Requires authentication");
  const query = parseQuery(request.query("q") ?? "");
  if (query.words.length === 0) throw invalid("Search", "q", "missing");
  const names = query.qualifiers.get("repo") ?? [];
  const searched = hub.repositories.filter(
    (one) => isReadable(actor, one) && (names.length === 0 || names.includes(fullName(one).toLowerCase())),
  );
  if (names.length > 0 && searched.length === 0) {
    const message =
      "The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.";
    throw invalid("Search", "q", "invalid", message);
  }
  const found = [];
  for (const repository of searched) found.push(...(await matchesIn(request, repository, query)));
  const wrap = (items: unknown[]) => ({ total_count: found.length, incomplete_results: false, items });
  return page(request, found, (item) => item, wrap);
}

function isReadable(actor: Actor, repository: Repository): boolean {
  return !repository.private || (inScope(actor, repository) && grants(actor, "contents:read"));
}

type Query = { words: string[]; qualifiers: Map<string, string[]> };

function parseQuery(q: string): Query {
  const words: string[] = [];
  const qualifiers = new Map<string, string[]>();
  for (const [, phrase, name, value, word] of q.matchAll(/"([^"]*)"|(\w+):(\S+)|(\S+)/g)) {
    if (name && value) qualifiers.set(name, [...(qualifiers.get(name) ?? []), value.toLowerCase()]);
    if (phrase ?? word) words.push(phrase ?? word ?? "");
  }
  return { words, qualifiers };
}

async function matchesIn(request: ApiRequest, repository: Repository, { words, qualifiers }: Query) {
  const { hub } = request;
  const branch = repository.defaultBranch;
  const patterns = words.flatMap((word) => ["-e", word]);
  const args = ["grep", "-z", "-l", "-i", "-F", "--all-match", ...patterns, branch, "--"];
  const listed = await hub.git.attempt(repository.path, args);
  const paths = new Set(listed.stdout.toString().split("\0"));
  const entries = (await readTree(hub, repository, { treeish: branch, recursive: true })) ?? [];
  const found = entries.filter(
    ({ path, size = 0 }) => size < largest && paths.has(`${branch}:${path}`) && isWanted(path, qualifiers),
  );
  const fragments = request.accepts("text-match");
  return Promise.all(
    found.map(async (entry) => ({
      ...describe(request, repository, entry),
      ...(fragments ? { text_matches: await fragmentsOf(request, repository, entry, words) } : {}),
    })),
  );
}

function isWanted(path: string, qualifiers: Query["qualifiers"]): boolean {
  const name = path.split("/").at(-1)?.toLowerCase() ?? "";
  const every = (key: string, test: (value: string) => boolean) => (qualifiers.get(key) ?? []).every(test);
  return (
    every("path", (folder) => path.toLowerCase().startsWith(folder.replace(/^\/?(.*?)\/?$/, "$1/"))) &&
    every("filename", (wanted) => name === wanted) &&
    every("extension", (wanted) => name.endsWith(`.${wanted}`))
  );
}

function describe({ hub }: ApiRequest, repository: Repository, { path, sha }: TreeEntry) {
  const api = repositoryApi(hub, repository);
  const branch = repository.defaultBranch;
  return {
    name: path.split("/").at(-1),
    path,
    sha,
    url: `${api}/contents/${path}?ref=${branch}`,
    git_url: `${api}/git/blobs/${sha}`,
    html_url: `${repositoryPage(hub, repository)}/blob/${branch}/${path}`,
    repository: showRepository(hub, repository),
    score: 1,
  };
}

async function fragmentsOf({ hub }: ApiRequest, repository: Repository, entry: TreeEntry, words: string[]) {
  const text = (await readBlob(hub, repository, entry.sha))?.toString() ?? "";
  const lines = text.split("\n");
  const has = (line: string) => words.some((word) => line.toLowerCase().includes(word.toLowerCase()));
  return lines.filter(has).map((fragment) => ({
    object_url: `${repositoryApi(hub, repository)}/contents/${entry.path}`,
    object_type: "FileContent",
    property: "content",
    fragment,
    matches: [],
  }));
}
