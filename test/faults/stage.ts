// Sets the stage: the whole system on its own ground, a storm of webhooks, and workers and an app that end again and again.
import { type Platform, startPlatform } from "../system.ts";
import { type Backend, type Ground, startGround } from "./ground.ts";
import { type Herd, keepAlive } from "./keep-alive.ts";
import { createPointList, type PointList } from "./point-list.ts";
import { createRandom, type Random } from "./random.ts";
import { files, script } from "./task.ts";
import { startWebhookStorm, type WebhookStorm } from "./webhook-storm.ts";
import { openBook } from "./writers-book.ts";

export type FaultOptions = {
  backend: Backend;
  seed: number;
  /** How many workers are killed. */
  kills: number;
  workerCount: number;
  /** How many issues are worked on at once. */
  inFlight: number;
  /** The most copies of a webhook, and the time in which they arrive. */
  copies: number;
  spreadMs: number;
  /** After so many kills comes the next disturbance. */
  killsPerDisturbance: number;
  /** How often each disturbance comes at most. */
  rounds: number;
  /** How long a worker has to get to the point where it is to end. */
  patienceMs: number;
  /** Where the lines of all processes are kept. */
  logFile?: string;
  onProgress?(text: string): void;
  /** Ends the run before its end. */
  signal?: AbortSignal;
};

export type Stage = FaultOptions & {
  random: Random;
  ground: Ground;
  platform: Platform;
  storm: WebhookStorm;
  points: PointList;
  workers: Herd;
  app: Herd;
  /** The issues on which an execution was asked for. */
  issues: number[];
  /** Ends what was started, the last first. May be called twice. */
  close(): Promise<void>;
};

/** The points where an app ends: those of its own code, and where it nudges. */
const inTheApp = /app\/|nudge/;
/** An execution has its row, its delivery does not count as handled, and nobody was told: an app passes this once for each issue. */
const hasStartedOne = "^nudge executions .*app/start-execution";
const mostStarted = 2;
/** Each copy of a webhook passes some of them. */
const skippedByApps = 200;
const skippedByWorkers = 30;

export async function openStage(options: FaultOptions): Promise<Stage> {
  const { backend, seed, patienceMs } = options;
  const random = createRandom(seed);
  const closers: (() => Promise<unknown>)[] = [];
  async function close(): Promise<void> {
    for (const end of closers.splice(0).reverse()) await end();
  }
  try {
    const ground = await startGround(backend);
    closers.push(ground.stop);
    const { databaseUrl, redisUrl } = ground;
    const env = { AFU9_WORKER_CONCURRENCY: "3", AFU9_BUDGET_USD: "1000000" };
    const platform = await startPlatform({ script, files, databaseUrl, redisUrl, env });
    closers.push(platform.close);
    await openBook(platform.db.pool);
    await platform.github.setLimits({ requestsPerHour: 1_000_000 });

    const storm = await startWebhookStorm({ ...options, random });
    closers.push(storm.close);
    await platform.github.updateApp(platform.appId, { webhookUrl: storm.url });
    await platform.app.close();
    const appPoints = createPointList(random, skippedByApps);
    const app = keepAlive({
      kind: "app",
      count: 1,
      start: platform.startApp,
      points: appPoints,
      nextCrash: () =>
        random.number() < 0.5
          ? { points: { like: hasStartedOne }, skip: random.integer(0, mostStarted), signal: "SIGKILL" }
          : appPoints.next(inTheApp),
      patienceMs: 2 * patienceMs,
      onUp: ({ url }) => storm.setTarget(url),
    });
    closers.push(app.close);
    const points = createPointList(random, skippedByWorkers);
    const workers = keepAlive({
      kind: "worker",
      count: options.workerCount,
      start: platform.startWorker,
      points,
      nextCrash: () => points.next(),
      patienceMs,
    });
    closers.push(workers.close);
    return { ...options, random, ground, platform, storm, points, workers, app, issues: [], close };
  } catch (error) {
    await close();
    throw error;
  }
}
