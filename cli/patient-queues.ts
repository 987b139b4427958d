import { setTimeout } from "node:timers/promises";
import type { Queues } from "../shared/queue.ts";
import type { Output } from "./output.ts";

const patienceMs = 3_000;

/** A nudge that the queue does not take is no reason to give up: the row is there, and is found. */
export function patientQueues(queues: Queues, out: Output): Queues {
  return {
    ...queues,
    async nudge(...nudge) {
      const late = setTimeout(patienceMs, "late" as const, { ref: false });
      const outcome = await Promise.race([queues.nudge(...nudge), late]).catch(() => "late" as const);
      if (outcome === "late")
        out.remark(
          "The queue does not answer (REDIS_URL?). It is written down, and will be found within seconds.",
        );
    },
  };
}
