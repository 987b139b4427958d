import { ECSClient, type ECSClientConfig } from "@aws-sdk/client-ecs";

/** After these times a request is given up: AWS answers within a second, or something is wrong. */
const times = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** The SDK finds endpoint, region and credentials by itself, as AWS's own variables say, unless they are given. */
export function createClients(given: ECSClientConfig = {}): { ecs: ECSClient; ecsOnce: ECSClient } {
  return {
    ecs: new ECSClient({ maxAttempts: 3, requestHandler: times, ...given }),
    ecsOnce: new ECSClient({ requestHandler: times, ...given, maxAttempts: 1 }),
  };
}
