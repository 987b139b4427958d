import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Database } from "../shared/db.ts";
import type { Logger } from "../shared/logger.ts";
import type { Queues } from "../shared/queue.ts";
import { repositoryConfigSchema } from "../shared/repository-config.ts";
import { takeCall } from "./actions/take-call.ts";
import { executionLinks } from "./execution-links.ts";
import { ingest } from "./ingest.ts";
import { checkWebhookHeaders, requireJson } from "./webhook-headers.ts";

/** GitHub's own limit for a webhook's payload. */
const maxPayload = 25 * 1024 * 1024;

/** What a workflow of GitHub Actions sends is small. */
const maxCall = 64 * 1024;

/** The paths of webhooks: ours, and Probot's, so that an App made for Probot needs no change. */
const webhookPaths = ["/api/webhooks/github", "/api/github/webhooks"];

export type ServerDeps = {
  db: Database;
  queues: Queues;
  /** Of webhooks. While it changes, two of them are valid. */
  secrets: string[];
  /** Of calls from workflows of GitHub Actions. Without it none are taken. */
  actionsSecret?: string | undefined;
  /** GitHub's address for people, without a slash at the end. */
  githubUrl: string;
  /** The pages of the set-up. */
  setup?: Hono;
  log: Logger;
};

export function createServer(deps: ServerDeps): Hono {
  const server = new Hono();
  const tooLarge = bodyLimit({
    maxSize: maxPayload,
    onError: (c) => c.json({ error: "The payload is over 25 MB." }, 413),
  });

  for (const path of webhookPaths) {
    server.post(path, checkWebhookHeaders, tooLarge, (c) => ingest(c.req.raw, deps));
  }

  if (deps.actionsSecret) {
    const actions = { ...deps, secrets: [deps.actionsSecret] };
    const callTooLarge = bodyLimit({
      maxSize: maxCall,
      onError: (c) => c.json({ error: "The call is over 64 kB." }, 413),
    });
    server.post("/api/webhooks/actions", requireJson, callTooLarge, (c) => takeCall(c.req.raw, actions));
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

  /** Editors read it: a repository's `.github/afu9.yml` names its address. */
  server.get("/afu9.schema.json", (c) => c.json(repositoryConfigSchema()));

  server.route("/", executionLinks(deps));
  if (deps.setup) server.route("/", deps.setup);

  server.notFound((c) => c.json({ error: `There is nothing at ${c.req.path}.` }, 404));
  server.onError((error, c) => {
    deps.log.error({ error: error.message, path: c.req.path }, "request failed");
    return c.json({ error: "The request could not be handled; try it again." }, 500);
  });
  return server;
}
