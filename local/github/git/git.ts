// Runs git on bare repositories: never through a shell, never with the machine's own configuration, never with hooks.
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface GitOptions {
  input?: string | Buffer;
  env?: Record<string, string>;
}

export interface GitResult {
  code: number | null;
  stdout: Buffer;
  stderr: string;
}

export interface Git {
  /** The environment that every git process of this server gets, http-backend included. */
  env: Record<string, string>;
  /** Runs git in the folder and returns whatever came of it. */
  attempt(folder: string, args: string[], options?: GitOptions): Promise<GitResult>;
  /** Standard output of a git command that must succeed. */
  bytes(folder: string, args: string[], options?: GitOptions): Promise<Buffer>;
  /** The same as trimmed text. */
  text(folder: string, args: string[], options?: GitOptions): Promise<string>;
}

// safe.directory is read from global configuration only, and sources may belong to another user.
const configuration = `[safe]
	directory = *
[core]
	hooksPath = /dev/null
[gc]
	auto = 0
[maintenance]
	auto = false
[init]
	defaultBranch = main
`;

/**
 * What a new repository begins with, so that making one takes one git. As on GitHub: any commit may be fetched by its SHA,
 * partial clones work, and refs/pull is not for pushing.
 */
const configurationOfNew = `[http]
	receivepack = true
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[receive]
	hideRefs = refs/pull
	shallowUpdate = true
`;

export async function createGit(dataDir: string): Promise<Git> {
  const home = join(dataDir, "git-home");
  const template = join(home, "template");
  await mkdir(template, { recursive: true });
  const configFile = join(home, "gitconfig");
  await writeFile(configFile, configuration);
  await writeFile(join(template, "config"), configurationOfNew);

  const env = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: home,
    LC_ALL: "C",
    GIT_CONFIG_GLOBAL: configFile,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TEMPLATE_DIR: template,
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
  };
  const attempt: Git["attempt"] = (folder, args, options = {}) =>
    runProcess(["-C", folder, ...args], { ...env, ...options.env }, options.input);
  const bytes: Git["bytes"] = async (folder, args, options) => {
    const result = await attempt(folder, args, options);
    if (result.code === 0) return result.stdout;
    throw new Error(`git ${args.join(" ")} in ${folder} ended with ${result.code}: ${result.stderr.trim()}`);
  };
  return {
    env,
    attempt,
    bytes,
    text: async (folder, args, options) => (await bytes(folder, args, options)).toString().trim(),
  };
}

function runProcess(args: string[], env: Record<string, string>, input?: string | Buffer) {
  return new Promise<GitResult>((resolve, reject) => {
    const child = spawn("git", args, { env, stdio: ["pipe", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // A git that ends early closes its input; its exit code says why.
    child.stdin.on("error", () => {});
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    );
    child.stdin.end(input);
  });
}
