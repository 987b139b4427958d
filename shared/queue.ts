// The queue only says "look at row 17": every job carries an id, and losing all of them loses nothing.
import { setTimeout } from "node:timers/promises";
import {
  createPostgresBackend,
  type Job,
  type JobsOptions,
  Queue,
  UnrecoverableError,
  Worker,
  withBackend,
} from "bullmq";
import { messageOf, PermanentFault } from "./errors.ts";
import type { Logger } from "./logger.ts";
import { type Connected, connected, runWhenReady } from "./run-when-ready.ts";

/**
 * What each queue's jobs name: a delivery, an execution to run, one that a person wants something of, one to report, a
 * repository whose labels are to be made, a chore of a kind of process.
 */
export type QueueName =
  | "deliveries"
  | "executions"
  | "controls"
  | "reports"
  | "labels"
  | "app-chores"
  | "worker-chores";

/** One try at a job. `isLast` tells that no further one follows when it fails. */
export type Attempt = { number: number; isLast: boolean };

export type Queues = {
  /**
   * Asks for a look at a row, at once or after a while. Asking again while the job waits changes nothing, but that with
   * `hurry` a job which waits for its time, or for its next try, comes at once; while it runs, it runs once more. Of
   * executions each asking is a job: it leads to whichever is due, so that one for this row may be long at work on another.
   * `anew` makes a job whatever the queue believes to know: what it believes may be wrong after it has lost something.
   */
  nudge(queue: QueueName, id: string, options?: NudgeOptions): Promise<void>;
  /** How many jobs wait for a worker now. */
  waiting(queue: QueueName): Promise<number>;
  /** Handles the jobs of a queue, until `close`. A `PermanentFault` is not tried again, any other error is. */
  work(queue: QueueName, handle: Handle, options: WorkOptions): void;
  /** Waits for the jobs that run, but no longer than eight seconds: a job that hangs must not keep a process. */
  close(): Promise<void>;
};
export type NudgeOptions = { delayMs?: number; hurry?: boolean; anew?: boolean };
export type WorkOptions = { concurrency: number };

/** Jobs that come by themselves. */
export type Schedules = {
  /**
   * Makes a job for `id` come every so many milliseconds, the first at once. Saying it again changes nothing but the
   * period, and mends what the queue has lost.
   */
  repeat(queue: QueueName, id: string, everyMs: number): Promise<void>;
  /** No job for `id` comes by itself any longer. */
  endRepeat(queue: QueueName, id: string): Promise<void>;
};

type Data = { id: string };

/** A job whose worker is gone is noticed within 5 s (its lock) and 2.5 s (the check). It may happen any number of times. */
const lock = { lockDuration: 5_000, stalledInterval: 2_500, maxStalledCount: 1_000 };

/**
 * How often a job is tried, and the wait before the second try in ms; each further wait is twice as long. GitHub waits for
 * nobody's reply, so a delivery has seconds; a report is given four minutes.
 */
const tries: Record<QueueName, { attempts: number; delay: number }> = {
  deliveries: { attempts: 5, delay: 500 },
  // The row says when it is due again; whoever sweeps finds it.
  executions: { attempts: 1, delay: 0 },
  controls: { attempts: 8, delay: 500 },
  reports: { attempts: 8, delay: 2_000 },
  labels: { attempts: 6, delay: 5_000 },
  // The next turn is the next try.
  "app-chores": { attempts: 1, delay: 0 },
  "worker-chores": { attempts: 1, delay: 0 },
};

/** Less than what `main.ts` files give the whole of their end. */
const closeMs = 8_000;

const leaveNothing = { removeOnComplete: true, removeOnFail: true };

/** Connects to the queue: on Redis when `redisUrl` is given, else on PostgreSQL. */
export function createQueues(settings: {
  databaseUrl: string;
  redisUrl?: string;
  log: Logger;
}): Queues & Schedules {
  const { log } = settings;
  const backend = settings.redisUrl ? onRedis(settings.redisUrl) : onPostgres(settings.databaseUrl);
  const queues = new Map<QueueName, OpenQueue>();
  const workers: { close(): Promise<void> }[] = [];
  const reportError = (error: Error) => log.warn({ error: error.message }, "queue connection error");

  async function queueOf(name: QueueName): Promise<OpenQueue> {
    const queue = queues.get(name) ?? opened(backend.queue(name));
    queues.set(name, queue);
    await connected(queue).catch((error) => {
      if (queues.get(name) === queue) queues.delete(name);
      throw error;
    });
    return queue;
  }
  function opened<T extends Open>(one: T): T {
    one.on("error", reportError);
    return one;
  }

  return {
    async nudge(name, id, { delayMs = 0, hurry = false, anew = false } = {}) {
      const deduplication = { id, keepLastIfActive: true, reschedule: hurry };
      const options = {
        delay: delayMs,
        ...(anew || name === "executions" ? {} : { deduplication }),
        attempts: tries[name].attempts,
        backoff: { type: "exponential", delay: tries[name].delay, jitter: 0.5 },
        ...leaveNothing,
      };
      await (await queueOf(name)).add(name, { id }, options);
    },
    waiting: async (name) => (await queueOf(name)).getWaitingCount(),
    async repeat(name, id, everyMs) {
      const job = { name, data: { id }, opts: { attempts: tries[name].attempts, ...leaveNothing } };
      await (await queueOf(name)).upsertJobScheduler(id, { every: everyMs }, job);
    },
    async endRepeat(name, id) {
      await (await queueOf(name)).removeJobScheduler(id);
    },
    work(name, handle, options) {
      const process: Process = (job) =>
        handleJob(job, handle, tries[name].attempts, log.child({ queue: name }));
      const open = () =>
        opened(backend.worker(name, process, { ...lock, ...options, autorun: false as const }));
      workers.push(runWhenReady(open, reportError));
    },
    async close() {
      const patience = new AbortController();
      const { signal } = patience;
      await Promise.race([
        Promise.all(workers.map((worker) => worker.close())),
        setTimeout(closeMs, undefined, { signal }).catch(() => {}),
      ]);
      patience.abort();
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

type Handle = (id: string, attempt: Attempt) => Promise<void>;

async function handleJob(
  job: Parameters<Process>[0],
  handle: Handle,
  attempts: number,
  log: Logger,
): Promise<void> {
  const number = job.attemptsMade + 1;
  try {
    await handle(job.data.id, { number, isLast: number >= attempts });
  } catch (error) {
    log.warn({ id: job.data.id, attempt: number, error: messageOf(error) }, "job failed");
    throw error instanceof PermanentFault ? new UnrecoverableError(error.message) : error;
  }
}

type Open = Connected & { on(event: "error", listener: (error: Error) => void): unknown };
type OpenWorker = Open & { run(): Promise<unknown> };
type OpenQueue = Open & {
  add(name: string, data: Data, options: JobsOptions): Promise<unknown>;
  upsertJobScheduler(
    id: string,
    repeat: { every: number },
    job: { name: string; data: Data; opts: Omit<JobsOptions, "repeat" | "delay" | "jobId"> },
  ): Promise<unknown>;
  removeJobScheduler(id: string): Promise<unknown>;
  getWaitingCount(): Promise<number>;
};
type Process = (job: Pick<Job<Data>, "data" | "attemptsMade">) => Promise<void>;

type Backend = {
  queue(name: QueueName): OpenQueue;
  worker(
    name: QueueName,
    process: Process,
    options: WorkOptions & typeof lock & { autorun: false },
  ): OpenWorker;
};

function onRedis(url: string): Backend {
  const connection = { url, maxRetriesPerRequest: null };
  return {
    queue: (name) => new Queue<Data>(name, { connection }),
    worker: (name, process, options) => new Worker<Data>(name, process, { connection, ...options }),
  };
}

function onPostgres(connectionString: string): Backend {
  const postgres = withBackend(createPostgresBackend);
  // Each has a pool of its own, and a worker listens on one more. A server takes 100 connections unless told otherwise.
  const pool = (max: number) => ({ connectionString, migrate: true, max });
  return {
    queue: (name) => new postgres.Queue<Data>(name, { connection: pool(1) }),
    worker: (name, process, options) =>
      new postgres.Worker<Data>(name, process, { connection: pool(2), ...options }),
  };
}
