// The front door: takes webhooks, decides what they start, and answers people.
import { serve } from "@hono/node-server";
import closeWithGrace from "close-with-grace";
import { Probot } from "probot";
import { z } from "zod";
import { port, processSettings, readConfig } from "../shared/config.ts";
import { connectDatabase } from "../shared/db.ts";
import { githubSettings, privateKeyOf } from "../shared/github.ts";
import { createLogger } from "../shared/logger.ts";
import { createQueues } from "../shared/queue.ts";
import { loadWorkflows } from "../shared/workflow.ts";
import { createHandlers } from "./app.ts";
import { takeDeliveries } from "./intake.ts";
import { createServer } from "./server.ts";
import { saveWorkflows } from "./start-execution.ts";
import { sweepDeliveries } from "./sweeper.ts";

const settings = readConfig(
  z.object({
    ...processSettings.shape,
    ...githubSettings.shape,
    PORT: port.default(3000),
    DATABASE_URL: z.string(),
    REDIS_URL: z.string().optional(),
    WEBHOOK_SECRET: z.string().min(16),
  }),
  process.env,
);
const log = createLogger("app", settings.AFU9_LOG_LEVEL);
const db = connectDatabase(settings.DATABASE_URL);
const queues = createQueues({ databaseUrl: settings.DATABASE_URL, redisUrl: settings.REDIS_URL, log });
const workflows = await saveWorkflows(
  db,
  await loadWorkflows(new URL("../workflows/", import.meta.url).pathname),
);

const probot = new Probot({
  appId: settings.APP_ID,
  privateKey: privateKeyOf(settings),
  secret: settings.WEBHOOK_SECRET,
  baseUrl: settings.GITHUB_API_URL,
  log,
});
await probot.load(createHandlers({ db, queues, workflows, log }));
takeDeliveries({ db, queues, probot, log });
const sweeper = sweepDeliveries({ db, queues, log });

const server = serve(
  {
    fetch: createServer({ db, queues, secret: settings.WEBHOOK_SECRET, log }).fetch,
    hostname: settings.HOST,
    port: settings.PORT,
  },
  ({ address, port }) => log.info({ url: `http://${address}:${port}` }, "listening"),
);

closeWithGrace({ delay: 10_000, logger: false }, async ({ err }) => {
  if (err) log.error({ error: err.message, stack: err.stack }, "process failed");
  server.close();
  sweeper.stop();
  await queues.close();
  await db.close();
});
