// Reads a repository's own workflows from its default branch.
import type { Context } from "probot";
import { textOfFile } from "../shared/text-of-file.ts";
import type { RepositoryFile } from "./load-repository-workflows.ts";

export const workflowFolder = ".github/afu9/workflows";

/** A repository with more, or with larger ones, has something else in mind than starting work from issues. */
const maxFiles = 20;
const maxBytes = 64 * 1024;

type Reader = Pick<Context, "octokit"> & { repo(): { owner: string; repo: string } };
type Entry = { type: string; name: string; path: string; sha: string; size: number };

/** The files, and the folder's ETag for the next time. Undefined: it is as it was when it had that ETag. */
export async function readWorkflowFolder(
  context: Reader,
  etag: string | undefined,
): Promise<{ files: RepositoryFile[]; etag?: string } | undefined> {
  const folder = await listFolder(context, etag);
  if (folder === "unchanged") return undefined;
  const entries = folder.entries
    .filter(({ type, name }) => type === "file" && /\.ya?ml$/.test(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const files = await Promise.all(entries.slice(0, maxFiles).map((entry) => readFile(context, entry)));
  return { files: [...files, ...tooMany(entries)], etag: folder.etag };
}

async function listFolder(context: Reader, etag: string | undefined) {
  try {
    const headers = etag ? { "if-none-match": etag } : {};
    const answer = await context.octokit.rest.repos.getContent({
      ...context.repo(),
      path: workflowFolder,
      headers,
    });
    // What is not a list is a file of that name.
    const entries: Entry[] = Array.isArray(answer.data) ? answer.data : [];
    return { entries, etag: answer.headers.etag };
  } catch (error) {
    const { status } = error as { status?: number };
    if (status === 304) return "unchanged";
    if (status === 404) return { entries: [] };
    throw error;
  }
}

function tooMany(entries: Entry[]): RepositoryFile[] {
  const first = entries[maxFiles];
  if (!first) return [];
  const problem = `expected ${maxFiles} files at most, got ${entries.length}; ${first.name} and what follows it is not read`;
  return [{ path: workflowFolder, problem }];
}

async function readFile(context: Reader, entry: Entry): Promise<RepositoryFile> {
  const { path, size, sha } = entry;
  if (size > maxBytes) return { path, problem: `expected ${maxBytes} bytes at most, got ${size}` };
  const { data } = await context.octokit.rest.git.getBlob({ ...context.repo(), file_sha: sha });
  const text = textOfFile(Buffer.from(data.content, "base64"));
  return text === undefined ? { path, problem: "expected text in UTF-8" } : { path, text };
}
