import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { GitHubClient, NewlyMadeRepository } from "../github/client.ts";
import type { Inputs } from "./inputs.ts";

const run = promisify(execFile);
const owner = "demo";
/** Nobody in particular: a person with the role that a label needs. */
const user = "maintainer";
const label = "afu9";

export type OpenedIssue = {
  repository: NewlyMadeRepository & { owner: string; name: string };
  number: number;
  url: string;
};

/** Imports the repository, installs the App on it, and opens the issue with the label that starts AFU-9. */
export async function openIssue(
  { source, issue }: Pick<Inputs, "source" | "issue">,
  { github, appId }: { github: GitHubClient; appId: number },
): Promise<OpenedIssue> {
  const name = source?.name ?? "span-of-time";
  const imported = source
    ? await github.createRepository({ owner, name, from: source.path })
    : await withSample((path) => github.createRepository({ owner, name, from: path }));
  const { token } = await github.createUser({ login: user });
  await github.setCollaborator(imported.full_name, user, "write");
  await github.install({ appId, owner, repositories: [name] });

  const octokit = github.as(token);
  const target = { owner, repo: name };
  await octokit.rest.issues.createLabel({ ...target, name: label, color: "5319e7" });
  const { data } = await octokit.rest.issues.create({ ...target, ...issue, labels: [label] });
  return { repository: { ...imported, owner, name }, number: data.number, url: data.html_url };
}

/** Makes a git repository of the sample, whose one commit is the same every time. */
async function withSample<T>(use: (path: string) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), "afu9-sample-"));
  const date = "2026-01-05T09:00:00Z";
  const who = { NAME: "AFU-9", EMAIL: "afu9@localhost", DATE: date };
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    ...Object.fromEntries(
      Object.entries(who).flatMap(([key, value]) => [
        [`GIT_AUTHOR_${key}`, value],
        [`GIT_COMMITTER_${key}`, value],
      ]),
    ),
  };
  const git = (...args: string[]) => run("git", ["-C", path, ...args], { env });
  try {
    await cp(join(import.meta.dirname, "../sample-repository"), path, { recursive: true });
    await git("init", "--quiet", "--initial-branch=main");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "Read and write durations");
    return await use(path);
  } finally {
    await rm(path, { recursive: true });
  }
}
