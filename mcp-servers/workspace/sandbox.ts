// Runs a repository's commands where they can do no harm: no network unless it is asked for, no environment, and
// only the checkout writable.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { rgPath } from "@vscode/ripgrep";
import { messageOf } from "../../shared/errors.ts";
import {
  bubblewrap,
  insideHome,
  insideRipgrep,
  type Network,
  proxyVariables,
  startRelay,
} from "./bubblewrap.ts";
import { maxThreads } from "./limit-processes.ts";
import { createProcessTable } from "./process-table.ts";
import { type CommandResult, type RunLimits, runProcess } from "./run-process.ts";
import { defaultLimits, type ResourceLimits, watchLimits } from "./watch-limits.ts";
import { openWayToProxy } from "./way-to-proxy.ts";

export type SandboxSettings = {
  /** `none` runs commands with a clean environment, and otherwise like any process of this user. */
  kind: "bwrap" | "none";
  /** Directories with a `bin`, such as one of nvm's versions, that commands may use. */
  toolchains: string[];
  /** `defaultLimits` unless told. */
  limits?: ResourceLimits;
  /** What commands with a network reach it by. In bubblewrap there is then no other way out. */
  proxy?: URL;
};

/** Where a command works: the directories that it may write to, and git's, which it may read. */
export type CommandPlace = { checkout: string; home: string; gitDirectory: string };

export type CommandToRun = RunLimits & CommandPlace & { command: string; network: boolean };

/** What to start, and how. */
export type CommandLine = { argv: string[]; options: { cwd?: string; env: Record<string, string> } };

export type Sandbox = {
  run(command: CommandToRun): Promise<CommandResult>;
  /** Ripgrep reads files that commands may change meanwhile: it sees what they see, so no link leads it out. */
  ripgrep(args: string[], place: CommandPlace): CommandLine;
};

export function createSandbox(settings: SandboxSettings): Sandbox {
  const { kind, toolchains, limits = defaultLimits, proxy } = settings;
  const table = createProcessTable();
  const commandLine = kind === "none" ? openly : inside;

  async function run({ command, checkout, home, gitDirectory, network, ...rest }: CommandToRun) {
    const watch = await watchLimits({ limits, checkout, home, table });
    await using ends = new AsyncDisposableStack();
    const way = network && proxy && kind === "bwrap" ? await openWayToProxy(proxy) : undefined;
    if (way) ends.defer(way.close);

    const program = way ? bash(`${startRelay}\nexec /bin/bash -c "$1"`, command) : bash(command);
    const place = { checkout, home, gitDirectory };
    const { argv, options } = commandLine(program, place, way ?? (network ? "open" : "none"));
    const result = await runProcess(restricted(argv, limits), options, { ...rest, watch });
    if (kind === "bwrap" && result.exitCode === 1 && result.output.startsWith("bwrap: ")) {
      throw new Error(`The sandbox did not start: ${result.output.trim()}`);
    }
    return result;
  }

  function inside(program: string[], place: CommandPlace, network: Network): CommandLine {
    const room = { ...place, network, toolchains, env: environment(insideHome) };
    return { argv: bubblewrap(room, program), options: { env: ownEnvironment() } };
  }

  function openly(argv: string[], { checkout, home }: CommandPlace, network: Network): CommandLine {
    const bins = [...toolchains.map((directory) => join(directory, "bin")), join(checkout, ".venv/bin")];
    const path = [...bins, ...ownPath(), dirname(process.execPath)].join(":");
    const variables = network === "open" && proxy ? proxyVariables(proxy.href) : {};
    return { argv, options: { cwd: checkout, env: { ...environment(home), ...variables, PATH: path } } };
  }

  return {
    run,
    ripgrep: (args, place) => commandLine([kind === "none" ? rgPath : insideRipgrep, ...args], place, "none"),
  };
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
    if (settings.kind === "bwrap")
      await promisify(execFile)("bwrap", ["--version"], { env: ownEnvironment() });
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

/** With what bwrap itself is found. */
function ownEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? "" };
}

function environment(home: string): Record<string, string> {
  return { HOME: home, LANG: "C.UTF-8", CI: "true", TERM: "dumb", GIT_OPTIONAL_LOCKS: "0" };
}

/** This process's PATH without what npm puts there: AFU-9's own tools are none of the repository's. */
function ownPath(): string[] {
  return (process.env.PATH ?? "").split(":").filter((directory) => !directory.includes("/node_modules/"));
}

function bash(script: string, ...args: string[]): string[] {
  return ["/bin/bash", "-c", script, "bash", ...args];
}

/**
 * A shell that becomes the program has both outputs on one pipe, so that they stay in the order in which they were written.
 * What the kernel can limit it does, and where memory ends it takes these processes first, and not the server.
 */
function restricted(argv: string[], { diskBytes }: ResourceLimits): string[] {
  const threads = `ulimit -u ${maxThreads} || ulimit -p ${maxThreads}`;
  const limits = `ulimit -c 0; ulimit -f ${Math.ceil(diskBytes / 512)}; ${threads}`;
  const restrict = `{ ${limits}; echo 1000 > /proc/self/oom_score_adj; } 2> /dev/null`;
  return ["/bin/sh", "-c", `${restrict}; exec "$@" 2>&1`, "sh", ...argv];
}
