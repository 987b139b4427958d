import type { Probot } from "probot";
import { z } from "zod";
import type { Database } from "../shared/db.ts";
import { messageOf } from "../shared/errors.ts";
import type { Logger } from "../shared/logger.ts";
import type { Attempt, Queues } from "../shared/queue.ts";

type Deps = { db: Database; queues: Queues; probot: Pick<Probot, "receive">; log: Logger };

/** Hands every delivery to Probot's handlers, once. */
export function takeDeliveries(deps: Deps): void {
  deps.queues.work("deliveries", (id, attempt) => takeDelivery(id, attempt, deps), { concurrency: 10 });
}

/** Handles one delivery. When its last attempt fails the row says why, and the delivery can be sent again. */
export async function takeDelivery(
  id: string,
  attempt: Attempt,
  { db, probot, log }: Omit<Deps, "queues">,
): Promise<void> {
  const delivery = await db.prisma.webhookDelivery.findUnique({ where: { id } });
  if (delivery?.status !== "received") return;

  try {
    await probot.receive(eventOf(delivery));
    await finish("processed");
  } catch (error) {
    log.warn(
      { delivery: id, event: delivery.event, attempt: attempt.number, error: reasons(error) },
      "delivery failed",
    );
    if (attempt.isLast) await finish("failed", reasons(error));
    throw error;
  }

  async function finish(status: "processed" | "failed", error?: string) {
    await db.prisma.webhookDelivery.update({
      where: { id },
      data: { status, error, processedAt: new Date() },
    });
  }
}

type ProbotEvent = Parameters<Probot["receive"]>[0];

/** The delivery as Probot takes it. Handlers read the fields they need through Probot's types. */
function eventOf(delivery: { id: string; event: string; payload: Uint8Array }): ProbotEvent {
  const payload = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(Buffer.from(delivery.payload).toString("utf8")));
  return { id: delivery.id, name: delivery.event, payload } as ProbotEvent;
}

/** Probot gathers what its handlers threw in one error. */
function reasons(error: unknown): string {
  const errors = error instanceof AggregateError ? error.errors : [error];
  return errors.map(messageOf).join("; ");
}
