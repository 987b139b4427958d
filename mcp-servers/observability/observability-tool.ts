import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { z } from "zod";
import { inOurWords } from "../aws-fault.ts";
import type { Limits } from "../limits.ts";
import { type Target, targetsOf } from "../targets.ts";
import { type Tool, type ToolCall, tool } from "../tool.ts";

export type AwsClients = {
  logs: CloudWatchLogsClient;
  cloudwatch: CloudWatchClient;
  ecs: ECSClient;
  elb: ElasticLoadBalancingV2Client;
};
export type ObservabilityDeps = AwsClients & {
  targets: Target[];
  /** How often `streamLogs` looks for new lines, and for how long, in milliseconds. */
  following: { every: number; atMost: number };
};

type ObservabilityToolSpec<Input extends z.ZodObject, Output extends z.ZodObject> = {
  name: string;
  description: string;
  input: Input;
  output: Output;
  limits?: Partial<Limits>;
  /** `deps.targets` are only those of the call's repository. */
  run(input: z.infer<Input>, deps: ObservabilityDeps, call: ToolCall): Promise<z.infer<Output>>;
};

/** Makes a tool that reads from AWS what the call's repository may read. */
export function observabilityTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  spec: ObservabilityToolSpec<Input, Output>,
): Tool<ObservabilityDeps> {
  return tool<ObservabilityDeps>()({
    ...spec,
    effect: "read",
    async run(input, deps, call) {
      const targets = targetsOf(deps.targets, call.capability);
      try {
        return await spec.run(input, { ...deps, targets }, call);
      } catch (error) {
        throw inOurWords(error, spec.name, { server: "observability", log: call.log });
      }
    },
  });
}
