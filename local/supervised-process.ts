import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";

export type ProcessSpec = {
  name: string;
  /** The file that Node runs, absolute. */
  file: string;
  args?: string[];
  /** The whole environment: nothing is inherited. */
  env: Record<string, string>;
};

export type SupervisedProcess = {
  pid: number | undefined;
  /** Settles when the process logs that it is up, with the address where it listens; fails when it ends before. */
  ready: Promise<string | undefined>;
  /** Settles when the process has ended, with a readable account of it. */
  ended: Promise<Error>;
  /** The last lines that it printed, for people. */
  tail(): string;
  /** Asks the process to end, and kills it when it does not within the time. */
  stop(graceMs: number): Promise<void>;
};

/** What a process logs when it is up. The local GitHub prints no more than its `url`. */
const upMessages = ["listening", "ready"];
const tailLength = 25;
const exitWithParent = pathToFileURL(`${import.meta.dirname}/exit-with-parent.ts`).href;

/** Starts a process in a group of its own, so that a Ctrl-C reaches the supervisor alone, who then ends it in order. */
export function startProcess(spec: ProcessSpec, onLine: (line: string) => void): SupervisedProcess {
  const args = ["--import", exitWithParent, spec.file, ...(spec.args ?? [])];
  const child = spawn(process.execPath, args, { env: spec.env, stdio: "pipe", detached: true });
  const up = Promise.withResolvers<string | undefined>();
  const ended = Promise.withResolvers<Error>();
  const lines: string[] = [];
  const tail = () =>
    lines.length > 0
      ? `Its last lines:\n${lines.map((line) => `  ${line}`).join("\n")}`
      : "It printed nothing.";

  for (const output of [child.stdout, child.stderr]) {
    readLines(output, (line) => {
      lines.push(line);
      if (lines.length > tailLength) lines.shift();
      onLine(line);
      const log = parseLog(line);
      if (log && (upMessages.includes(log.message ?? "") || log.url)) up.resolve(log.url);
    });
  }
  child.on("error", (error) =>
    ended.resolve(new Error(`The process ${spec.name} did not start: ${error.message}`)),
  );
  child.on("exit", () => killGroup(child.pid));
  child.on("close", (code, signal) => {
    const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    ended.resolve(new Error(`The process ${spec.name} ${how}.\n${tail()}`));
  });
  ended.promise.then(up.reject);
  // Whoever does not wait for it to be up is told by `ended`.
  up.promise.catch(() => {});

  return {
    pid: child.pid,
    ready: up.promise,
    ended: ended.promise,
    tail,
    async stop(graceMs) {
      child.kill("SIGTERM");
      const timer = setTimeout(() => killGroup(child.pid), graceMs);
      await ended.promise;
      clearTimeout(timer);
    },
  };
}

/** Ends what a process leaves behind as well. */
function killGroup(pid: number | undefined): void {
  if (!pid) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on("line", onLine);
}

/** A line of a process's log, or undefined for any other line. */
export function parseLog(line: string): Log | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

type Log = { message?: string; url?: string; level?: string; timestamp?: string };
