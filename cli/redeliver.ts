import type { Database } from "../shared/db.ts";
import { Refusal } from "../shared/errors.ts";
import type { Queues } from "../shared/queue.ts";
import { typed } from "./wording.ts";

/** Has a stored delivery handled again. What it started already is not started a second time. */
export async function redeliver(id: string, { db, queues }: { db: Database; queues: Queues }): Promise<void> {
  const { count } = await db.prisma.webhookDelivery.updateMany({
    where: { id },
    data: { status: "received", error: null, processedAt: null },
  });
  if (count === 0)
    throw new Refusal(
      `There is no delivery ${id}. \`${typed} deliveries list\` shows those there are; GitHub sends one again from the App's settings page, under Advanced.`,
    );
  await queues.nudge("deliveries", id, { hurry: true });
}
