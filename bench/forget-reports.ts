import { createPostgresBackend, Queue, withBackend } from "bullmq";
import { until } from "./benchmark.ts";
import type { Stage } from "./stage.ts";

/**
 * Throws away the reports that have not been written, until none is left: GitHub lets an App write a comment every
 * three seconds, so those of a thousand executions take most of an hour.
 */
export async function forgetReports({ databaseUrl, redisUrl }: Stage, signal: AbortSignal): Promise<void> {
  const reports = redisUrl
    ? new Queue("reports", { connection: { url: redisUrl, maxRetriesPerRequest: null } })
    : new (withBackend(createPostgresBackend).Queue)("reports", {
        connection: { connectionString: databaseUrl, migrate: true, max: 2 },
      });
  reports.on("error", () => {});
  try {
    await until(
      "the reports to be forgotten",
      signal,
      async () => {
        await reports.drain(true);
        const counts = await reports.getJobCounts("waiting", "delayed", "active", "prioritized");
        return Object.values(counts).every((count) => count === 0) ? true : undefined;
      },
      120,
    );
  } finally {
    await reports.close();
  }
}
