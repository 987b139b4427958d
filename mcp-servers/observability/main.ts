// The MCP server that reads logs, metrics, alarms and the health of services. It holds AWS rights of its own, to read only.
import { readConfig } from "../../shared/config.ts";
import { createLogger } from "../../shared/logger.ts";
import { awsServerSettings, targetsIn } from "../aws-settings.ts";
import { type RunningServer, serve } from "../serve.ts";
import { listenOptions, redactFor } from "../settings.ts";
import { createClients } from "./clients.ts";
import { observabilityTools } from "./tools.ts";

const following = { every: 2_000, atMost: 60_000 };

export async function start(env: NodeJS.ProcessEnv): Promise<RunningServer> {
  const settings = readConfig(awsServerSettings(3003), env);
  const log = createLogger("mcp-observability", settings.AFU9_LOG_LEVEL, redactFor(settings));
  const targets = targetsIn(settings, log);
  const deps = { ...createClients(), targets, following };
  return serve({ name: "observability", tools: observabilityTools, deps, log, ...listenOptions(settings) });
}
