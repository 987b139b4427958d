import { z } from "zod";
import { PermanentFault } from "../../../shared/errors.ts";
import type { WaitStep } from "../../../shared/step.ts";
import { nothingCame } from "../over-time.ts";
import type { StepResult, StepTask } from "../run-workflow.ts";
import type { StepDeps } from "../step-deps.ts";

const dayMs = 86_400_000;
const longestMs = 90 * dayMs;
const Minutes = z.object({ minutes: z.coerce.number().nonnegative() });
const Until = z.object({ until: z.iso.datetime({ offset: true }) });

/** Waits for an event about the repository or for a time. Whoever waits is a row: no worker is held. */
export async function runWaitStep(
  { id, wait }: WaitStep,
  { inputs, intent }: StepTask,
  { waits }: Pick<StepDeps, "waits">,
): Promise<StepResult> {
  await intent();
  if (!("event" in wait)) {
    const { waitMs, until } = await waits.forTime(id, timeOf(inputs));
    if (waitMs > longestMs)
      throw new PermanentFault(`It would wait until ${until}, and 90 days are the most.`);
    return waitMs > 0 ? { waitMs } : { output: { until } };
  }
  const match = z.record(z.string(), z.unknown()).parse(inputs.match);
  const days = wait["expires-after-days"];
  const { waitMs, arrived } = await waits.forEvent(id, { event: wait.event, match, withinMs: days * dayMs });
  if (arrived) return { output: arrived };
  if (waitMs > 0) return { waitMs };
  throw new PermanentFault(nothingCame(wait.event, days));
}

/** Milliseconds from now, or a time. */
function timeOf(inputs: Record<string, unknown>): number | Date {
  const minutes = Minutes.safeParse(inputs);
  if (minutes.success) return minutes.data.minutes * 60_000;
  const until = Until.safeParse(inputs);
  if (until.success) return new Date(until.data.until);
  throw new PermanentFault(
    `Expected \`minutes\` as a number or \`until\` as a time such as 2027-01-31T09:00:00Z, got ${JSON.stringify(inputs)}.`,
  );
}
