// The app before there is a GitHub App: nothing but the set-up that makes one. `npm start` runs it when there are no credentials.
import { join } from "node:path";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import closeWithGrace from "close-with-grace";
import { Hono } from "hono";
import { z } from "zod";
import { port, processSettings, readConfig } from "../../shared/config.ts";
import { connectDatabase } from "../../shared/db.ts";
import { messageOf } from "../../shared/errors.ts";
import { githubAddresses } from "../../shared/github.ts";
import { createLogger } from "../../shared/logger.ts";
import { createRedact } from "../../shared/redact.ts";
import { listen } from "../listen.ts";
import { readAppDescription } from "./app-description.ts";
import { envFileStore } from "./env-file.ts";
import { webhookPath } from "./manifest.ts";
import { secretStore } from "./secret-store.ts";
import { serveSetup } from "./serve-setup.ts";

try {
  await start();
} catch (error) {
  process.stderr.write(`The set-up did not start. ${messageOf(error)}\n`);
  process.exit(1);
}

/** Runs until a signal ends it. */
async function start(): Promise<void> {
  const settings = readConfig(
    z.object({
      ...processSettings.shape,
      ...githubAddresses.shape,
      PORT: port.default(3000),
      DATABASE_URL: z.string(),
      /** The file that keeps the credentials, unless a secret does. */
      AFU9_ENV_FILE: z.string().default(".env"),
      /** A secret of AWS Secrets Manager, by its ARN or its name. */
      AFU9_SECRETS_ARN: z.string().optional(),
    }),
    process.env,
  );
  const log = createLogger("setup", settings.AFU9_LOG_LEVEL, createRedact([settings.DATABASE_URL]));
  const db = connectDatabase(settings.DATABASE_URL, { max: 3 });
  const store = settings.AFU9_SECRETS_ARN
    ? secretStore(new SecretsManagerClient({}), settings.AFU9_SECRETS_ARN)
    : envFileStore(settings.AFU9_ENV_FILE);
  const common = { db, log, publicUrl: settings.PUBLIC_URL, githubUrl: settings.GITHUB_SERVER_URL };
  const description = await readAppDescription(join(import.meta.dirname, "../.."));
  const deps = { ...common, description, store, apiUrl: settings.GITHUB_API_URL };

  const app = new Hono();
  app.route("/", serveSetup({ ...common, phase: { kind: "make-app", deps } }));
  app.get("/api/health", (c) => c.json({ status: "ok", setup: true }));
  // GitHub marks it as failed; it can be delivered again later.
  app.post(webhookPath, (c) => c.json({ error: "AFU-9 is being set up. Deliver this again later." }, 503));
  app.onError((error, c) => {
    log.error({ error: error.message, path: c.req.path }, "request failed");
    return c.json({ error: "The request could not be handled; try it again." }, 500);
  });
  const { server, url } = await listen(app, { hostname: settings.HOST, port: settings.PORT });
  log.info({ url }, "listening");
  closeWithGrace({ delay: 5_000, logger: false }, async ({ err }) => {
    if (err) log.error({ error: err.message, stack: err.stack }, "process failed");
    const answered = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    await answered;
    await db.close();
  });
}
