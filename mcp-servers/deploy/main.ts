// The MCP server that deploys to ECS. It holds AWS rights of its own, and does what the operator's list allows.
import pg from "pg";
import { z } from "zod";
import { readConfig } from "../../shared/config.ts";
import { createLogger } from "../../shared/logger.ts";
import { awsServerSettings, targetsIn } from "../aws-settings.ts";
import { type RunningServer, serve } from "../serve.ts";
import { listenOptions, redactFor } from "../settings.ts";
import { createClients } from "./clients.ts";
import { lockInDatabase, lockInProcess } from "./service-lock.ts";
import { deployTools } from "./tools.ts";

const settingsOfDeploy = awsServerSettings(3002).extend({
  /** With a database, all deploy servers that share it hold one lock for each service. */
  DATABASE_URL: z.string().optional(),
});

export async function start(env: NodeJS.ProcessEnv): Promise<RunningServer> {
  const settings = readConfig(settingsOfDeploy, env);
  const { DATABASE_URL: databaseUrl } = settings;
  const log = createLogger("mcp-deploy", settings.AFU9_LOG_LEVEL, redactFor(settings, settings.DATABASE_URL));
  const targets = targetsIn(settings, log);

  const pool = databaseUrl ? new pg.Pool({ connectionString: databaseUrl, max: 4 }) : undefined;
  // A lost idle connection is replaced at its next use; without a listener the error would end the process.
  pool?.on("error", () => {});
  const inLock = pool ? lockInDatabase(pool) : lockInProcess();
  log.info(
    { targets: targets.length, lock: pool ? "database" : "process" },
    "one change of a service at a time",
  );
  const server = await serve({
    name: "deploy",
    tools: deployTools,
    deps: { ...createClients(), targets, inLock },
    log,
    ...listenOptions(settings),
  });
  return {
    url: server.url,
    async close() {
      await server.close();
      await pool?.end();
    },
  };
}
