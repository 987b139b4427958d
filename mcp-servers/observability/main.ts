// The MCP server that reads logs, metrics, alarms and the health of services. It holds AWS rights of its own, to read only.
import { z } from "zod";
import { readConfig } from "../../shared/config.ts";
import { createLogger } from "../../shared/logger.ts";
import { type RunningServer, serve } from "../serve.ts";
import { listenOptions, serverSettings } from "../settings.ts";
import { targetList } from "../targets.ts";
import { createClients } from "./clients.ts";
import { observabilityTools } from "./tools.ts";

const settingsOfObservability = serverSettings(3003).extend({
  AFU9_DEPLOY_TARGETS: targetList.default([]),
  AWS_REGION: z.string().optional(),
});

const following = { every: 2_000, atMost: 60_000 };

export async function start(env: NodeJS.ProcessEnv): Promise<RunningServer> {
  const settings = readConfig(settingsOfObservability, env);
  const { AFU9_DEPLOY_TARGETS: targets, AWS_REGION: region } = settings;
  const log = createLogger("mcp-observability", settings.AFU9_LOG_LEVEL);
  if (targets.length > 0 && !region) {
    throw new Error("AWS_REGION is missing: the region of the clusters in AFU9_DEPLOY_TARGETS.");
  }
  if (targets.length === 0) log.warn("no targets in AFU9_DEPLOY_TARGETS: every call is refused");

  const deps = { ...createClients(), targets, following };
  return serve({ name: "observability", tools: observabilityTools, deps, log, ...listenOptions(settings) });
}
