import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient, type ECSClientConfig } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsClients } from "./observability-tool.ts";

/** AWS answers within a second, or something is wrong; those who call these tools wait for ten. */
const times = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

type Given = Pick<ECSClientConfig, "endpoint" | "region" | "credentials" | "maxAttempts">;

/** The SDK finds endpoint, region and credentials by itself, as AWS's own variables say, unless they are given. */
export function createClients(given: Given = {}): AwsClients {
  const options = { maxAttempts: 3, requestHandler: times, ...given };
  return {
    logs: new CloudWatchLogsClient(options),
    cloudwatch: new CloudWatchClient(options),
    ecs: new ECSClient(options),
    elb: new ElasticLoadBalancingV2Client(options),
  };
}
