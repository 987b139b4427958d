// The MCP server that reads logs, metrics, alarms and the health of services. It holds AWS rights of its own, to read only.
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { readConfig } from "../../shared/config.ts";
import { createLogger } from "../../shared/logger.ts";
import { type RunningServer, serve } from "../serve.ts";
import { listenOptions, serverSettings } from "../settings.ts";
import { targetList } from "../targets.ts";
import { observabilityTools } from "./tools.ts";

const settingsOfObservability = serverSettings(3003).extend({
  AFU9_DEPLOY_TARGETS: targetList.default([]),
  AWS_REGION: z.string().optional(),
});

const following = { every: 2_000, atMost: 60_000 };
/** AWS answers within a second, or something is wrong; the callers of these tools wait for ten. */
const times = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

export async function start(env: NodeJS.ProcessEnv): Promise<RunningServer> {
  const settings = readConfig(settingsOfObservability, env);
  const { AFU9_DEPLOY_TARGETS: targets, AWS_REGION: region } = settings;
  const log = createLogger("mcp-observability", settings.AFU9_LOG_LEVEL);
  if (targets.length > 0 && !region) {
    throw new Error("AWS_REGION is missing: the region of the clusters in AFU9_DEPLOY_TARGETS.");
  }
  if (targets.length === 0) log.warn("no targets in AFU9_DEPLOY_TARGETS: every call is refused");

  // The SDK finds endpoint, region and credentials by itself, as AWS's own variables say.
  const options = { maxAttempts: 3, requestHandler: times };
  const deps = {
    logs: new CloudWatchLogsClient(options),
    cloudwatch: new CloudWatchClient(options),
    ecs: new ECSClient(options),
    elb: new ElasticLoadBalancingV2Client(options),
    targets,
    following,
  };
  return serve({ name: "observability", tools: observabilityTools, deps, log, ...listenOptions(settings) });
}
