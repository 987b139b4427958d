// The MCP server that reads and changes GitHub. It holds the App's key.
import { z } from "zod";
import { readConfig } from "../../shared/config.ts";
import { connectDatabase } from "../../shared/db.ts";
import { createGitHubApp, githubSettings, privateKeyOf } from "../../shared/github.ts";
import { createDatabaseLimits } from "../../shared/github-limit-stores.ts";
import { createLogger } from "../../shared/logger.ts";
import { type RunningServer, serve } from "../serve.ts";
import { listenOptions, redactFor, serverSettings } from "../settings.ts";
import { changePolicy, changePolicySettings } from "./change-policy.ts";
import { githubTools } from "./tools.ts";

/** It needs no more of the database than to look at GitHub's limits. */
const maxConnections = 3;

export async function start(env: NodeJS.ProcessEnv): Promise<RunningServer> {
  const own = githubSettings.extend({
    /** With it, the server shares one budget with the other processes; without it, it knows only what it was told itself. */
    DATABASE_URL: z.string().optional(),
    ...changePolicySettings,
  });
  const settings = readConfig(serverSettings(3001).extend(own.shape), env);
  const redact = redactFor(settings, privateKeyOf(settings), settings.DATABASE_URL);
  const log = createLogger("mcp-github", settings.AFU9_LOG_LEVEL, redact);
  const db = settings.DATABASE_URL
    ? connectDatabase(settings.DATABASE_URL, { max: maxConnections })
    : undefined;
  const github = createGitHubApp(settings, log, { limits: db && createDatabaseLimits(db.pool) });
  const server = await serve({
    name: "github",
    tools: githubTools,
    deps: { github, policy: changePolicy(settings), redact },
    log,
    ...listenOptions(settings),
  });
  return {
    ...server,
    async close() {
      await server.close();
      await db?.close();
    },
  };
}
