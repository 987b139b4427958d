// Runs what is due. A job of the queue only says that there is something; the rows say what. Losing a job loses nothing.
import { z } from "zod";
import { Cancelled, messageOf, PermanentFault } from "../shared/errors.ts";
import { type Claim, claimDue } from "./engine/claim.ts";
import type { Ending } from "./engine/journal.ts";
import { keepLease, releaseAfterFault, releaseExecution, StaleLease } from "./engine/lease.ts";
import { createLanes, type Lanes } from "./lanes.ts";
import { requestReport } from "./report/report.ts";
import { runClaimed, type Stops } from "./run-claimed.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** How many executions that are being cancelled are cleaned up at once, beside those that run. */
const cancelSlots = 5;

export function takeExecutions(deps: WorkerDeps, concurrency: number): void {
  const lanes = createLanes(concurrency);
  deps.queues.work("executions", () => processDue(deps, lanes), { concurrency });
  deps.queues.work("controls", (id) => processCancelled(id, deps), { concurrency: cancelSlots });
}

/** Runs one execution after the other until none is due that may run here. */
export async function processDue(deps: WorkerDeps, lanes: Lanes): Promise<void> {
  while (!deps.shutdown.aborted) {
    const claim = await lanes.inTurn(async () => {
      const next = await claimDue(deps.db.pool, lanes.full());
      if (next) lanes.enter(laneOf(next));
      return next;
    });
    if (!claim) return;
    try {
      await processClaimed(claim, deps);
    } finally {
      lanes.leave(laneOf(claim));
    }
  }
}

/** Cleans up after one that was cancelled, whether or not a slot is free. */
async function processCancelled(id: string, deps: WorkerDeps): Promise<void> {
  if (!z.uuid().safeParse(id).success) throw new PermanentFault(`Expected an execution's id, got ${id}.`);
  const claim = await claimDue(deps.db.pool, { id });
  if (claim) await processClaimed(claim, deps);
  // One that was cancelled before it began has no worker: its report is all there is to do.
  await requestReport(deps.queues, id, { now: true });
}

function laneOf({ trigger }: Claim) {
  return { installation: trigger.installation, repository: trigger.repository.id };
}

/** Runs one execution as far as it goes, and lets go of it. */
async function processClaimed(claim: Claim, deps: WorkerDeps): Promise<void> {
  const { db, queues, shutdown } = deps;
  const log = deps.log.child({ execution_id: claim.id, workflow: claim.workflow });
  const [lost, paused, cancelled] = [new AbortController(), new AbortController(), new AbortController()];
  const obey = (wish: Claim["wish"], reason: string | null) => {
    if (wish === "pause") paused.abort(new Error("A person paused the execution."));
    if (wish === "cancel") cancelled.abort(new Cancelled(reason ?? "Cancelled."));
  };
  const lease = keepLease(db.pool, claim, log, {
    onLost: (reason) => lost.abort(reason),
    onWish: obey,
  });
  obey(claim.wish, claim.error);
  log.info({ fence: String(claim.fence) }, "execution claimed");
  const stops: Stops = {
    left: AbortSignal.any([shutdown, lost.signal, paused.signal]),
    paused: paused.signal,
    cancelled: cancelled.signal,
  };
  try {
    const ending = await runClaimed(claim, { ...deps, log }, stops);
    log.info(ending, ending.status in endMessages ? "execution finished" : "execution left");
    if (ending.status === "waiting") await nudgeLater(claim.id, ending, { queues, log });
  } catch (error) {
    if (error instanceof StaleLease) return log.warn("execution lost to another worker");
    lease.stop();
    if (!shutdown.aborted) {
      log.warn({ error: messageOf(error) }, "execution failed for now");
      return await releaseAfterFault(db.pool, claim, error);
    }
    await releaseExecution(db.pool, claim);
    await queues.nudge("executions", claim.id);
    log.info("execution handed back");
  } finally {
    lease.stop();
  }
}

const endMessages = { succeeded: true, failed: true, cancelled: true };

/** A short wait is ended to the second; a longer one, and a nudge that was lost, by a chore. */
async function nudgeLater(
  id: string,
  { waitMs }: Ending & { status: "waiting" },
  { queues, log }: Pick<WorkerDeps, "queues" | "log">,
): Promise<void> {
  if (waitMs >= 60_000) return;
  await queues
    .nudge("executions", id, { delayMs: Math.max(0, waitMs) })
    .catch((error) => log.warn({ error: messageOf(error) }, "wait not remembered"));
}
