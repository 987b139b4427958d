// One run on one backend: many executions at once, whose workers are killed at one await point after the other, on shaking ground.
import { writeFile } from "node:fs/promises";
import { check, realWork } from "./check.ts";
import type { PointList } from "./point-list.ts";
import { processesLeft } from "./processes-left.ts";
import { readWorld } from "./read-world.ts";
import { settle, shake } from "./shake.ts";
import { type FaultOptions, openStage, type Stage } from "./stage.ts";
import { percentile, takeOverTimes } from "./take-over.ts";
import type { World } from "./world.ts";
import { readClaims } from "./writers-book.ts";

export type FaultReport = {
  backend: string;
  seconds: number;
  kills: number;
  killsAtPoints: number;
  points: ReturnType<PointList["tally"]>;
  appKills: number;
  disturbances: Record<string, number>;
  deliveries: number;
  copies: number;
  executions: number;
  /** The share of the issues whose execution opened its pull request. */
  realWork: number;
  takeOver: { count: number; p50?: number; p99?: number };
  /** Workers that ended and that nobody had ended: the last lines of each. */
  ownEnds: string[];
  violations: string[];
  /** How the executions failed that did. */
  failures: string[];
};

const settleSeconds = 180;

export async function runFaults(options: FaultOptions): Promise<FaultReport> {
  const began = Date.now();
  const stage = await openStage(options);
  const stop = Promise.withResolvers<never>();
  options.signal?.addEventListener("abort", () => stop.reject(options.signal?.reason));
  try {
    const report = await Promise.race([runOn(stage), stop.promise]);
    return { ...report, seconds: Math.round((Date.now() - began) / 1000) };
  } finally {
    await stage.close();
  }
}

async function runOn(stage: Stage): Promise<Omit<FaultReport, "seconds">> {
  const disturbances = await shake(stage);
  stage.onProgress?.("all kills are done; everything comes to rest");
  await settle(stage, settleSeconds);
  await stage.workers.close();
  // What the last reports changed on GitHub comes as webhooks, too.
  await settle(stage, settleSeconds);
  await stage.app.close();
  const { platform, storm, issues, logFile } = stage;
  const world = await readWorld({ platform, deliveries: storm.deliveries, issues });
  const report = await reportOf(stage, world);
  await stage.close();
  if (logFile) await writeFile(logFile, platform.lines.join("\n"));
  const violations = [...check(world), ...processesLeft(platform.leaders)];
  return { ...report, disturbances, violations };
}

async function reportOf(stage: Stage, world: World) {
  const { backend, platform, storm, workers, app, points } = stage;
  const rows = await platform.db.prisma.workflowExecution.findMany({
    select: { id: true, finishedAt: true },
  });
  const finished = new Map(
    rows.flatMap(({ id, finishedAt }) => (finishedAt ? [[id, finishedAt] as const] : [])),
  );
  const times = takeOverTimes(workers.kills, await readClaims(platform.db.pool), finished);
  return {
    backend,
    kills: workers.kills.length,
    killsAtPoints: workers.kills.filter(({ point }) => point).length,
    points: points.tally(),
    appKills: app.kills.length,
    deliveries: storm.deliveries.length,
    copies: storm.deliveries.reduce((sum, { sent }) => sum + sent, 0),
    executions: world.executions.length,
    realWork: realWork(world),
    takeOver: { count: times.length, p50: percentile(times, 0.5), p99: percentile(times, 0.99) },
    ownEnds: workers.ownEnds,
    failures: world.executions.flatMap(({ error }) => error ?? []),
  };
}
