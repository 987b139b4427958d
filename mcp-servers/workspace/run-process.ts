// Runs a process whose whole tree dies with it: on exit, on timeout and on abort.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../shared/errors.ts";
import { cappedOutput, type OutputCap } from "./capped-output.ts";
import type { Watch } from "./watch-limits.ts";

export type RunLimits = {
  timeoutMs: number;
  signal: AbortSignal;
  cap: OutputCap;
  /** Gets all of the output, as it comes. */
  onOutput?: (bytes: Uint8Array) => void;
};

const watchEveryMs = 250;

export type CommandResult = {
  /** Null when it was killed, by the timeout or from inside. */
  exitCode: number | null;
  output: string;
  timedOut: boolean;
  /** Why it was stopped before its time, in a sentence. */
  stopped?: string;
  durationMs: number;
};

/** Throws the signal's reason when it aborts, and an error when the program can't be started. */
export async function runProcess(
  [program = "", ...args]: string[],
  options: { cwd?: string; env: Record<string, string> },
  { timeoutMs, signal, cap, onOutput, watch }: RunLimits & { watch?: Watch },
): Promise<CommandResult> {
  signal.throwIfAborted();
  const started = performance.now();
  // Detached makes it the leader of a process group, which can be killed as a whole.
  const child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const output = cappedOutput(cap);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", output.add);
    if (onOutput) stream.on("data", onOutput);
  }

  const timeout = AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any([timeout, signal]);
  const kill = () => killGroup(child);
  stop.addEventListener("abort", kill, { once: true });
  const closed = once(child, "close");
  // Awaited only below: until then a failure to start must not count as unhandled.
  closed.catch(() => {});
  const watching = watch ? startWatching(child, watch) : undefined;
  try {
    const [exitCode] = (await once(child, "exit")) as [number | null];
    const timedOut = timeout.aborted && exitCode === null;
    kill();
    await outputEnds(child, closed);
    signal.throwIfAborted();
    const stopped = watching?.reason();
    const durationMs = Math.round(performance.now() - started);
    return { exitCode, output: output.text(), timedOut, ...(stopped && { stopped }), durationMs };
  } finally {
    watching?.end();
    stop.removeEventListener("abort", kill);
  }
}

/** Kills the process as soon as there is a reason to. A watch that fails is one: without it there would be no limit. */
function startWatching(child: ChildProcess, watch: Watch) {
  let reason: string | undefined;
  let timer = setTimeout(look, watchEveryMs);

  async function look(): Promise<void> {
    const why = await watch(child.pid ?? 0).catch(
      (error: unknown) => `it could not be watched (${messageOf(error)})`,
    );
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (!why) {
      timer = setTimeout(look, watchEveryMs);
      return;
    }
    reason = `It was stopped with all that it had started: ${why}.`;
    killGroup(child);
  }
  return { reason: () => reason, end: () => clearTimeout(timer) };
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
