import { emitterEventNames } from "@octokit/webhooks";
import type { Probot } from "probot";
import { z } from "zod";
import type { Database } from "../shared/db.ts";
import { messageOf, PermanentFault } from "../shared/errors.ts";
import type { Logger } from "../shared/logger.ts";
import type { Attempt, Queues } from "../shared/queue.ts";
import { storableText } from "../shared/storable-text.ts";
import { withLock } from "../shared/with-lock.ts";
import { actionsEvent } from "./actions/call.ts";
import { wakeWaits } from "./wake-waits.ts";

type Deps = {
  db: Database;
  queues: Queues;
  probot: Pick<Probot, "receive">;
  /** Carries out what a workflow of GitHub Actions asks for. */
  onActions(call: { id: string; payload: unknown }): Promise<void>;
  log: Logger;
};

/** Takes every delivery, once. */
export function takeDeliveries(deps: Deps): void {
  deps.queues.work("deliveries", (id, attempt) => takeDelivery(id, attempt, deps), { concurrency: 8 });
}

type HandleDeps = Omit<Deps, "queues"> & { queues: Pick<Queues, "nudge"> };

/** Handles one delivery. While another job is at work on it, which a queue that lost its memory may bring about, that one does. */
export async function takeDelivery(id: string, attempt: Attempt, deps: HandleDeps): Promise<void> {
  await withLock(deps.db.pool, `delivery ${id}`, () => handleDelivery(id, attempt, deps));
}

/**
 * Wakes who waits for it, then hands it to Probot's handlers. When its last attempt fails, or none can cure it, the row
 * says why. (Probot gathers what its handlers threw in one error.)
 */
async function handleDelivery(
  id: string,
  attempt: Attempt,
  { db, queues, probot, onActions, log }: HandleDeps,
): Promise<void> {
  const delivery = await db.prisma.webhookDelivery.findUnique({ where: { id } });
  if (delivery?.status !== "received") return;

  try {
    const event = eventOf(delivery);
    await wakeWaits({ id, event: delivery.event, payload: event.payload }, { db, queues });
    const reason = whyIgnored(event);
    if (event.name === actionsEvent) await onActions(event);
    else if (reason) log.debug({ delivery: id, event: delivery.event, reason }, "delivery ignored");
    else await probot.receive(event as ProbotEvent);
    await finish("processed");
  } catch (error) {
    const errors = error instanceof AggregateError ? error.errors : [error];
    const reason = storableText(errors.map(messageOf).join("; "));
    const isHopeless = errors.every((one) => one instanceof PermanentFault);
    log.warn(
      { delivery: id, event: delivery.event, attempt: attempt.number, error: reason },
      "delivery failed",
    );
    if (attempt.isLast || isHopeless) await finish("failed", reason);
    throw isHopeless ? new PermanentFault(reason) : error;
  }

  async function finish(status: "processed" | "failed", error?: string) {
    await db.prisma.webhookDelivery.update({
      where: { id },
      data: { status, error, processedAt: new Date() },
    });
  }
}

type ProbotEvent = Parameters<Probot["receive"]>[0];

const Payload = z.looseObject({
  sender: z.looseObject({ id: z.number(), login: z.string(), type: z.string() }).nullish(),
  installation: z.looseObject({ id: z.number().int() }).nullish(),
});
type Event = { id: string; name: string; payload: z.infer<typeof Payload> };

/** The delivery as Probot takes it. Handlers read the fields they need through Probot's types. */
function eventOf(delivery: { id: string; event: string; payload: Uint8Array }): Event {
  const payload = Payload.safeParse(jsonOf(Buffer.from(delivery.payload).toString("utf8")));
  if (payload.success) return { id: delivery.id, name: delivery.event, payload: payload.data };
  throw new PermanentFault(`The payload can't be used: ${z.prettifyError(payload.error)}`);
}

const knownEvents = new Set<string>(emitterEventNames);

/** Why no handler gets it. To Probot a name of its own, such as `error` or `constructor`, is no event. */
function whyIgnored({ name, payload }: Event): string | undefined {
  if (!knownEvents.has(name)) return "GitHub has no such event";
  if (!payload.sender) return "nobody did it";
  if (!payload.installation) return "it is of no installation";
  return undefined;
}

/** The error of `JSON.parse` quotes the text; this one does not, because rows and logs hold it. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PermanentFault(
      "The payload is not JSON. Set the content type of the App's webhook to application/json.",
    );
  }
}
