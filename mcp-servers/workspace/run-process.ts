// Runs a process whose whole tree dies with it: on exit, on timeout and on abort.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { cappedOutput, type OutputCap } from "./capped-output.ts";

export type RunLimits = { timeoutMs: number; signal: AbortSignal; cap: OutputCap };

export type CommandResult = {
  /** Null when it was killed, by the timeout or from inside. */
  exitCode: number | null;
  output: string;
  timedOut: boolean;
  durationMs: number;
};

/** Throws the signal's reason when it aborts, and an error when the program can't be started. */
export async function runProcess(
  [program = "", ...args]: string[],
  options: { cwd?: string; env: Record<string, string> },
  { timeoutMs, signal, cap }: RunLimits,
): Promise<CommandResult> {
  signal.throwIfAborted();
  const started = performance.now();
  // Detached makes it the leader of a process group, which can be killed as a whole.
  const child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const output = cappedOutput(cap);
  child.stdout.on("data", output.add);
  child.stderr.on("data", output.add);

  const timeout = AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any([timeout, signal]);
  const kill = () => killGroup(child);
  stop.addEventListener("abort", kill, { once: true });
  const closed = once(child, "close");
  // Awaited only below: until then a failure to start must not count as unhandled.
  closed.catch(() => {});
  try {
    const [exitCode] = (await once(child, "exit")) as [number | null];
    const timedOut = timeout.aborted && exitCode === null;
    kill();
    await outputEnds(child, closed);
    signal.throwIfAborted();
    return { exitCode, output: output.text(), timedOut, durationMs: Math.round(performance.now() - started) };
  } finally {
    stop.removeEventListener("abort", kill);
  }
}

/** A process that left the group may hold the pipes open for as long as it lives. */
async function outputEnds(child: ChildProcess, closed: Promise<unknown>): Promise<void> {
  const giveUp = new AbortController();
  await Promise.race([closed, delay(1_000, undefined, { signal: giveUp.signal }).catch(() => {})]);
  giveUp.abort();
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
