// Runs a repository's commands where they can do no harm: no network unless it is asked for, no environment, and
// only the checkout writable.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { messageOf } from "../../shared/errors.ts";
import { bubblewrap, insideHome } from "./bubblewrap.ts";
import { type CommandResult, type RunLimits, runProcess } from "./run-process.ts";

export type SandboxSettings = {
  /** `none` runs commands with a clean environment, and otherwise like any process of this user. */
  kind: "bwrap" | "none";
  /** Directories with a `bin`, such as one of nvm's versions, that commands may use. */
  toolchains: string[];
};

export type CommandToRun = RunLimits & {
  command: string;
  /** The directories that the command may write to. */
  checkout: string;
  home: string;
  gitDirectory: string;
  network: boolean;
};

export type Sandbox = { run(command: CommandToRun): Promise<CommandResult> };

export function createSandbox({ kind, toolchains }: SandboxSettings): Sandbox {
  return { run: kind === "none" ? runOpenly : runInside };

  async function runInside({ command, checkout, home, gitDirectory, network, ...limits }: CommandToRun) {
    const room = { checkout, home, gitDirectory, network, toolchains, env: environment(insideHome) };
    // bwrap itself is found on this process's PATH, and what it starts gets the room's environment.
    const env = { PATH: process.env.PATH ?? "" };
    const result = await runProcess(bubblewrap(room, bash(command)), { env }, limits);
    if (result.exitCode === 1 && result.output.startsWith("bwrap: ")) {
      throw new Error(`The sandbox did not start: ${result.output.trim()}`);
    }
    return result;
  }

  async function runOpenly({
    command,
    checkout,
    home,
    network: _,
    gitDirectory: __,
    ...limits
  }: CommandToRun) {
    const bins = [...toolchains.map((directory) => join(directory, "bin")), join(checkout, ".venv/bin")];
    const path = [...bins, ...ownPath(), dirname(process.execPath)].join(":");
    return runProcess(bash(command), { cwd: checkout, env: { ...environment(home), PATH: path } }, limits);
  }
}

/** Tries the sandbox with a real command. Gives the reason when it does not work, undefined when it does. */
export async function probeSandbox(settings: SandboxSettings): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), "afu9-probe-"));
  const places = {
    checkout: join(directory, "checkout"),
    home: join(directory, "home"),
    gitDirectory: join(directory, "git"),
  };
  try {
    await Promise.all(Object.values(places).map((path) => mkdir(path)));
    const result = await createSandbox(settings).run({
      command: "node --version",
      ...places,
      network: false,
      timeoutMs: 10_000,
      signal: AbortSignal.timeout(15_000),
      cap: { head: 1_000, tail: 1_000 },
    });
    if (result.exitCode === 0) return undefined;
    return `a command in it ended with exit code ${result.exitCode}: ${result.output.trim()}`;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return isMissing ? "the program bwrap is not installed" : messageOf(error);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function environment(home: string): Record<string, string> {
  return { HOME: home, LANG: "C.UTF-8", CI: "true", TERM: "dumb", GIT_OPTIONAL_LOCKS: "0" };
}

/** This process's PATH without what npm puts there: AFU-9's own tools are none of the repository's. */
function ownPath(): string[] {
  return (process.env.PATH ?? "").split(":").filter((directory) => !directory.includes("/node_modules/"));
}

/** The inner shell has both outputs on one pipe, so that they stay in the order in which they were written. */
function bash(command: string): string[] {
  return ["/bin/bash", "-c", 'exec /bin/bash -c "$1" 2>&1', "bash", command];
}
