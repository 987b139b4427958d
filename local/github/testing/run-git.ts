import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

const env = {
  PATH: process.env.PATH ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  GIT_AUTHOR_NAME: "Tester",
  GIT_AUTHOR_EMAIL: "tester@example.com",
  GIT_COMMITTER_NAME: "Tester",
  GIT_COMMITTER_EMAIL: "tester@example.com",
};

/** Runs git as a person's machine would, and returns its output. */
export async function runGit(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run("git", ["-C", folder, "-c", "init.defaultBranch=main", ...args], { env });
  return stdout.trim();
}
