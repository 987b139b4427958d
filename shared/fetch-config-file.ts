// Asks GitHub for a configuration file.
import { z } from "zod";
import type { LineFault } from "./read-yaml.ts";
import { readConfigText, repositoryConfigPath } from "./repository-config.ts";
import { textOfFile } from "./text-of-file.ts";

/** What is read through: Probot's Octokit, or the worker's. */
export type ConfigReader = {
  rest: {
    repos: {
      getContent(parameters: {
        owner: string;
        repo: string;
        path: string;
        ref?: string;
        headers?: Record<string, string | undefined>;
      }): Promise<{ data: unknown; headers: { etag?: string | undefined } }>;
    };
  };
};

export type FetchedConfig =
  | { is: "absent" }
  | { is: "unchanged" }
  | { is: "usable"; sha: string; text: string; etag?: string }
  | { is: "broken"; sha: string; faults: LineFault[]; etag?: string };

const maxBytes = 64 * 1024;

const File = z.object({ type: z.literal("file"), sha: z.string(), size: z.number(), content: z.string() });

/**
 * The file at a commit, or as it stands on the default branch. With the ETag of an earlier answer, GitHub says whether
 * it has changed, which counts against no limit while it has not. Throws what GitHub refuses, but for a 404.
 */
export async function fetchConfigFile(
  octokit: ConfigReader,
  at: { owner: string; repo: string; ref?: string },
  etag?: string | null,
): Promise<FetchedConfig> {
  try {
    const headers = etag ? { "if-none-match": etag } : {};
    const answer = await octokit.rest.repos.getContent({ ...at, path: repositoryConfigPath, headers });
    return { ...checked(answer.data), etag: answer.headers.etag };
  } catch (error) {
    const { status } = error as { status?: number };
    if (status === 304) return { is: "unchanged" };
    if (status === 404) return { is: "absent" };
    throw error;
  }
}

function checked(data: unknown): Extract<FetchedConfig, { sha: string }> {
  const file = File.safeParse(data);
  if (!file.success) return refused(z.object({ sha: z.string() }).safeParse(data).data?.sha ?? "", "a file");
  const { sha, size, content } = file.data;
  if (size > maxBytes) return refused(sha, `${maxBytes} bytes at most, got ${size}`);
  const text = textOfFile(Buffer.from(content, "base64"));
  if (text === undefined) return refused(sha, "text in UTF-8");
  const read = readConfigText(text);
  return "faults" in read ? { is: "broken", sha, faults: read.faults } : { is: "usable", sha, text };
}

function refused(sha: string, expected: string) {
  return { is: "broken" as const, sha, faults: [{ line: 1, message: `the file: expected ${expected}` }] };
}
