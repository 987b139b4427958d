// Opens issues as others are done, and disturbs, until enough workers were killed; then lets everything come to rest.
import { setTimeout } from "node:timers/promises";
import { type Disturbance, disturbances } from "./disturbances.ts";
import type { Stage } from "./stage.ts";
import { isTakenOver, readClaims } from "./writers-book.ts";

const at = { owner: "acme", repo: "sample" };

/** While there are points at which no worker was killed, it goes on for so much longer. */
const mostMore = 1.2;

/** Gives how often each disturbance took place. */
export async function shake(stage: Stage): Promise<Record<string, number>> {
  const { workers, kills, killsPerDisturbance, inFlight } = stage;
  const cycles = Array.from({ length: stage.rounds }, () => inTurn(stage)).flat();
  const done: Record<string, number> = {};
  const disturbing: Promise<void>[] = [];
  let next = 0;
  const isEnough = () =>
    workers.kills.length >= kills &&
    (stage.points.tally().spared.length === 0 || workers.kills.length >= kills * mostMore);
  while (!isEnough()) {
    const atWork = await openExecutions(stage);
    if (atWork < inFlight) await askForExecution(stage);
    if (workers.kills.length >= next) {
      next += killsPerDisturbance;
      const one = disturb(stage, cycles.shift(), done);
      one.catch(() => {}); // it is thrown at the end
      disturbing.push(one);
    }
    progress(stage, atWork);
    await setTimeout(atWork < inFlight ? 50 : 250);
  }
  workers.spare();
  stage.app.spare();
  await Promise.all(disturbing);
  return done;
}

function inTurn({ random }: Stage): Disturbance[] {
  const [longest, ...others] = disturbances;
  return longest ? [longest, ...random.shuffled(others)] : [];
}

/** Waits until nothing is left to be done, in vain for some minutes at most: the checker says what is wrong then. */
export async function settle(stage: Stage, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  await stage.storm.drained();
  while (Date.now() < end && !(await isAtRest(stage))) await setTimeout(200);
}

/** Half of the issues get the label, the others a command. */
async function askForExecution({ platform, issues, random }: Stage): Promise<void> {
  const { rest } = platform.maintainer;
  const byLabel = random.number() < 0.5;
  const title = "add(2, 2) is 0";
  const { data } = await rest.issues.create({ ...at, title, labels: byLabel ? ["afu9"] : [] });
  if (!byLabel) await rest.issues.createComment({ ...at, issue_number: data.number, body: "/afu9 run" });
  issues.push(data.number);
}

async function openExecutions({ platform, issues }: Stage): Promise<number> {
  const finished = await asked(() =>
    platform.db.pool.query<{ count: number }>(
      "SELECT count(DISTINCT issue_number)::int FROM workflow_executions WHERE finished_at IS NOT NULL",
    ),
  );
  return issues.length - (finished.rows[0]?.count ?? 0);
}

async function isAtRest({ platform, issues }: Stage): Promise<boolean> {
  const { rows } = await asked(() =>
    platform.db.pool.query<{ executions: number; deliveries: number }>(
      `SELECT (SELECT count(DISTINCT issue_number)::int FROM workflow_executions
                WHERE finished_at IS NOT NULL AND reported = revision) AS executions,
              (SELECT count(*)::int FROM webhook_deliveries WHERE status = 'received') AS deliveries`,
    ),
  );
  return rows[0]?.executions === issues.length && rows[0].deliveries === 0;
}

async function disturb(
  stage: Stage,
  disturbance: Disturbance | undefined,
  done: Record<string, number>,
): Promise<void> {
  if (!disturbance) return;
  const { ground, workers, points } = stage;
  const isDone = await disturbance.run({
    ground,
    workers,
    points,
    leaseMs: () => leaseMs(stage),
    isTakenOver: (writer) => asked(() => isTakenOver(stage.platform.db.pool, writer)),
  });
  if (isDone) done[disturbance.name] = (done[disturbance.name] ?? 0) + 1;
}

/** The longest lease that a claim took. */
async function leaseMs({ platform }: Stage): Promise<number> {
  const claims = await asked(() => readClaims(platform.db.pool));
  return Math.max(...claims.map((claim) => claim.leaseMs));
}

/** The database may be away just now, as it is in this test. */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= 100) throw error;
      await setTimeout(100);
    }
  }
}

const shown = new WeakMap<Stage, number>();

/** Says how far it is, at every tenth kill. */
function progress(stage: Stage, atWork: number): void {
  const count = Math.floor(stage.workers.kills.length / 10) * 10;
  if (count === (shown.get(stage) ?? 0)) return;
  shown.set(stage, count);
  const { hit, known } = stage.points.tally();
  const { length } = stage.issues;
  stage.onProgress?.(`${count} kills at ${hit} of ${known} points, ${length} issues, ${atWork} at work`);
}
