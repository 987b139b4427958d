import type { Database } from "../shared/db.ts";
import { Refusal } from "../shared/errors.ts";
import type { GitHubApp } from "../shared/github.ts";
import type { Queues } from "../shared/queue.ts";
import { findAttempt, sendAgain } from "./housekeeping/sent-deliveries.ts";

type Deps = { db: Database; queues: Queues; github: Pick<GitHubApp, "asApp"> };

/** Where a delivery comes from when it is handled once more: from our row, or from GitHub, which sends it again. */
export type Redelivery = "stored" | "github";

/**
 * Has a delivery handled once more. One execution per delivery stays one, and what was answered is not answered again.
 * Throws a `Refusal` for an id that neither we nor GitHub know.
 */
export async function redeliver(id: string, { db, queues, github }: Deps): Promise<Redelivery> {
  const { count } = await db.prisma.webhookDelivery.updateMany({
    where: { id },
    data: { status: "received", error: null, processedAt: null },
  });
  if (count > 0) {
    await queues.nudge("deliveries", id, { hurry: true });
    return "stored";
  }
  const attempt = await findAttempt(github.asApp, id);
  if (attempt === undefined) {
    throw new Refusal(
      `There is no delivery ${id}, neither here nor in GitHub's list of the last three days. The App's settings on GitHub show that list under "Advanced".`,
    );
  }
  await sendAgain(github.asApp, attempt);
  return "github";
}
