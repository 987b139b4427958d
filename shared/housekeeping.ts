// Housekeeping: what is to be done now and again, by one process of the fleet, whichever is free. The queue says when.
import { messageOf } from "./errors.ts";
import type { Logger } from "./logger.ts";
import type { QueueName, Queues, Schedules } from "./queue.ts";

export type Chore = {
  name: string;
  everyMs: number;
  /** What is done, in a few words. */
  does: string;
  /** Do it also when a process starts. */
  atStart?: boolean;
  /** Must bear to be done twice at once, in two processes. Long work ends soon after `signal` is aborted. */
  work(signal: AbortSignal): Promise<void>;
};

export type Housekeeping = { stop(): void };

/** How often each process says anew what is to be done when: a queue that lost everything knows it after this time. */
const rememberEveryMs = 10_000;

type Deps = { queues: Queues & Schedules; log: Logger; rememberEveryMs?: number };

/**
 * Does the chores of a list by the queue, each at most once at a time in this process. One that fails is logged and has
 * its next turn as ever; the others do not notice.
 */
export function keepHouse(queue: QueueName, chores: Chore[], deps: Deps): Housekeeping {
  const { queues, log } = deps;
  const stopping = new AbortController();
  const underWay = new Set<string>();

  async function turn(name: string): Promise<void> {
    const chore = chores.find((one) => one.name === name);
    // It is of another version. Processes that know it say so again.
    if (!chore) return queues.endRepeat(queue, name);
    if (underWay.has(name) || stopping.signal.aborted) return;
    underWay.add(name);
    try {
      await chore.work(stopping.signal);
    } catch (error) {
      log.warn({ chore: name, error: messageOf(error) }, "chore failed");
    } finally {
      underWay.delete(name);
    }
  }
  async function schedule(name: string, ask: () => Promise<void>): Promise<void> {
    await ask().catch((error) => log.warn({ chore: name, error: messageOf(error) }, "chore not scheduled"));
  }
  /** The queue may be away for long: what it was told is awaited before it is told again. */
  async function remember(): Promise<void> {
    await Promise.all(
      chores.map(({ name, everyMs }) => schedule(name, () => queues.repeat(queue, name, everyMs))),
    );
    if (!stopping.signal.aborted) timer = setTimeout(remember, deps.rememberEveryMs ?? rememberEveryMs);
  }

  let timer: NodeJS.Timeout | undefined;
  queues.work(queue, turn, { concurrency: chores.length });
  void remember();
  for (const { name, atStart } of chores) {
    if (atStart) void schedule(name, () => queues.nudge(queue, name, { hurry: true }));
  }
  return {
    stop() {
      clearTimeout(timer);
      stopping.abort();
    },
  };
}
