// Starts processes, says when they are up, and ends them together: none outlives its supervisor.
import { setTimeout } from "node:timers/promises";
import { type ProcessSpec, type SupervisedProcess, startProcess } from "./supervised-process.ts";

export type { ProcessSpec } from "./supervised-process.ts";

export type SuperviseOptions = {
  /** Gets every line that a process prints. */
  onLine(name: string, line: string): void;
  /** A process that was up has ended by itself. With `restart` it is started again after `delayMs`. */
  onEnd(failure: Error, delayMs?: number): void;
  restart?: boolean;
  /** Ends everything, also while the processes are being started. */
  signal?: AbortSignal;
  /** How long a process may take until it is up. */
  readyMs?: number;
  /** How long a process may take to end before it is killed. */
  stopMs?: number;
};

export type Supervised = {
  /** Where each process listens, by its name. */
  urls: Record<string, string>;
  pids: Record<string, number>;
  /** Ends every process. */
  close(): Promise<void>;
};

const longestDelayMs = 10_000;
/** A process that was up for as long is thought to be well: its next end counts as the first. */
const wellAfterMs = 60_000;

/**
 * Starts all processes at once and waits until each logs that it is up. When one does not get there, the others are
 * ended too, and the error holds the last lines that it printed.
 */
export async function supervise(specs: ProcessSpec[], options: SuperviseOptions): Promise<Supervised> {
  const { readyMs = 60_000, stopMs = 15_000 } = options;
  const urls: Record<string, string> = {};
  const pids: Record<string, number> = {};
  const running = new Map<string, SupervisedProcess>();
  const closing = new AbortController();

  async function start(spec: ProcessSpec): Promise<SupervisedProcess> {
    const child = startProcess(spec, (line) => options.onLine(spec.name, line));
    running.set(spec.name, child);
    if (child.pid) pids[spec.name] = child.pid;
    try {
      urls[spec.name] = (await inTime(child, spec.name, readyMs)) ?? "";
      return child;
    } catch (error) {
      await child.stop(stopMs);
      throw error;
    }
  }

  /** Waits for the end of a process and starts it again, until all are closed. */
  async function keepUp(spec: ProcessSpec, first: SupervisedProcess): Promise<void> {
    let ended = first.ended;
    for (let failures = 0; ; failures++) {
      const since = Date.now();
      const failure = await ended;
      if (closing.signal.aborted) return;
      if (!options.restart) return options.onEnd(failure);

      if (Date.now() - since > wellAfterMs) failures = 0;
      const delayMs = Math.min(longestDelayMs, 500 * 2 ** failures);
      options.onEnd(failure, delayMs);
      await setTimeout(delayMs, undefined, { signal: closing.signal });
      ended = start(spec).then(
        (child) => child.ended,
        (error: Error) => error,
      );
    }
  }

  async function close(): Promise<void> {
    closing.abort();
    await Promise.all([...running.values()].map((child) => child.stop(stopMs)));
  }

  options.signal?.throwIfAborted();
  options.signal?.addEventListener("abort", () => void close());
  try {
    const children = await Promise.all(specs.map(start));
    for (const [index, spec] of specs.entries()) {
      const child = children[index];
      // The wait for a restart is cut short by `close`.
      if (child) keepUp(spec, child).catch(() => {});
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { urls, pids, close };
}

async function inTime(child: SupervisedProcess, name: string, ms: number): Promise<string | undefined> {
  const timer = new AbortController();
  const late = setTimeout(ms, undefined, { signal: timer.signal }).then(() => {
    throw new Error(
      `The process ${name} was not up after ${Math.round(ms / 1000)} seconds.\n${child.tail()}`,
    );
  });
  try {
    return await Promise.race([child.ready, late]);
  } finally {
    late.catch(() => {});
    timer.abort();
  }
}
