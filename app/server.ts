import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Database } from "../shared/db.ts";
import type { Logger } from "../shared/logger.ts";
import type { Queues } from "../shared/queue.ts";
import { ingest } from "./ingest.ts";
import { checkWebhookHeaders } from "./webhook-headers.ts";

/** GitHub's own limit for a webhook's payload. */
const maxPayload = 25 * 1024 * 1024;

/** The paths of webhooks: ours, and Probot's, so that an App made for Probot needs no change. */
const webhookPaths = ["/api/webhooks/github", "/api/github/webhooks"];

/** While the webhook's secret changes, two of them are valid. */
export function createServer(deps: { db: Database; queues: Queues; secrets: string[]; log: Logger }): Hono {
  const server = new Hono();
  const tooLarge = bodyLimit({
    maxSize: maxPayload,
    onError: (c) => c.json({ error: "The payload is over 25 MB." }, 413),
  });

  for (const path of webhookPaths) {
    server.post(path, checkWebhookHeaders, tooLarge, (c) => ingest(c.req.raw, deps));
  }

  server.get("/api/health", async (c) => {
    const isReachable = await deps.db.pool.query("SELECT 1").then(
      () => true,
      () => false,
    );
    return c.json(
      { status: isReachable ? "ok" : "unavailable", database: isReachable },
      isReachable ? 200 : 503,
    );
  });

  server.notFound((c) => c.json({ error: `There is nothing at ${c.req.path}.` }, 404));
  server.onError((error, c) => {
    deps.log.error({ error: error.message, path: c.req.path }, "request failed");
    return c.json({ error: "The request could not be handled; try it again." }, 500);
  });
  return server;
}
