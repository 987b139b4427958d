// Git as this server runs it: no hooks, no prompts, no settings of the machine, HTTP only.
import { execFile } from "node:child_process";

export type GitPlace = {
  gitDirectory: string;
  workTree?: string;
  /** An index other than the git directory's own. */
  index?: string;
};

export type GitOptions = {
  input?: string;
  env?: Record<string, string>;
  signal?: AbortSignal;
  /** An exit code beside 0 that is an answer and no failure. */
  answers?: number;
};

const maxBuffer = 256 * 1024 * 1024;

/** Gives what git printed. Throws an error with what it printed on stderr. */
export async function git(place: GitPlace, args: string[], options: GitOptions = {}): Promise<string> {
  return (await gitBytes(place, args, options)).toString("utf8");
}

export async function gitBytes(place: GitPlace, args: string[], options: GitOptions = {}): Promise<Buffer> {
  const { input, signal, answers } = options;
  const env = { ...environment(place), ...options.env };
  return new Promise((resolve, reject) => {
    const child = execFile(
      "git",
      [...settings, ...args],
      { env, signal, cwd: place.workTree, encoding: "buffer", maxBuffer },
      (error, stdout, stderr) => {
        if (!error || (answers !== undefined && error.code === answers)) return resolve(stdout);
        reject(new Error(`git ${args[0]} failed: ${stderr.toString("utf8").trim() || error.message}`));
      },
    );
    // Git may end without having read its input; what matters then is its own error.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input ?? "");
  });
}

const settings = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.quotePath=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "submodule.recurse=false",
  // A server that stalls must not hold up others for long: less than 1 kB a second for a minute ends the transfer.
  "http.lowSpeedLimit=1000",
  "http.lowSpeedTime=60",
  // A redirect could carry the token to another host.
  "http.followRedirects=false",
].flatMap((setting) => ["-c", setting]);

function environment({ gitDirectory, workTree, index }: GitPlace): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    LC_ALL: "C",
    HOME: gitDirectory,
    GIT_DIR: gitDirectory,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: "http:https",
    GIT_NO_REPLACE_OBJECTS: "1",
    ...(workTree && { GIT_WORK_TREE: workTree }),
    ...(index && { GIT_INDEX_FILE: index }),
  };
}
