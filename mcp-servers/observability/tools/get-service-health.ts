import { z } from "zod";
import { messageOf, ToolFailure } from "../../../shared/errors.ts";
import { awsFault } from "../../aws-fault.ts";
import type { ToolCall } from "../../tool.ts";
import { allowService } from "../allowed.ts";
import { cluster, service } from "../inputs.ts";
import { observabilityTool } from "../observability-tool.ts";
import { readMetrics, recentMinutes } from "../read-metrics.ts";
import { type ReadService, readService } from "../read-service.ts";
import { readDimensions, readTargets } from "../read-targets.ts";
import { judge, type Part, verdicts } from "../verdict.ts";

const optionalShare = z.number().optional().describe("Percent, the average of the last minutes");

export const getServiceHealth = observabilityTool({
  name: "getServiceHealth",
  description: `Say whether an ECS service of this repository is well: tasks, rollout, events, the health of its load balancer's targets, and the metrics of the last ${recentMinutes} minutes, with a verdict and its reasons.`,
  input: z.object({ cluster, service }),
  output: z.object({
    verdict: z.enum(verdicts).describe("`unknown`: a part could not be read, and no other part is unwell"),
    reasons: z.array(z.string()),
    service: z
      .object({
        status: z.string(),
        running: z.number(),
        desired: z.number(),
        pending: z.number(),
        rollout: z.string(),
        rolloutReason: z.string(),
        taskDefinition: z.string(),
      })
      .optional(),
    targetGroups: z
      .array(
        z.object({
          name: z.string(),
          healthy: z.number(),
          starting: z.number(),
          unhealthy: z.number(),
          leaving: z.number(),
        }),
      )
      .optional(),
    metrics: z
      .object({
        cpu: optionalShare,
        memory: optionalShare,
        traffic: z.object({ requests: z.number(), errors5xx: z.number() }).optional(),
      })
      .optional(),
    events: z.array(z.object({ time: z.string(), message: z.string() })).describe("Newest first"),
  }),
  async run({ cluster, service }, { targets, ecs, elb, cloudwatch }, call) {
    const { signal } = call;
    allowService(targets, cluster, service);
    const described = await part(() => readService(ecs, { cluster, service }, signal), call);
    const [health, metrics] = await Promise.all([
      part(() => readTargets(elb, groupsOf(described), signal), call),
      part(async () => {
        const groups = await readDimensions(elb, groupsOf(described), signal);
        return readMetrics(cloudwatch, { cluster, service }, groups, signal);
      }, call),
    ]);
    const state = "read" in described ? { read: described.read.state } : described;
    return {
      ...judge({ service: state, targets: health, metrics }),
      ...("read" in described && {
        service: { ...described.read.state, taskDefinition: described.read.taskDefinition },
      }),
      ...("read" in health && { targetGroups: health.read }),
      ...("read" in metrics && { metrics: metrics.read }),
      events: "read" in described ? described.read.events : [],
    };
  },
});

/** The service says which groups it has; without it nothing is known of them. */
function groupsOf(described: Part<ReadService>): string[] {
  if ("read" in described) return described.read.targetGroupArns;
  throw new Error("the service's target groups are not known.");
}

/** One part that can't be read does not hide the others. That there is no such service is an answer of its own. */
async function part<T>(read: () => Promise<T>, { signal, log }: ToolCall): Promise<Part<T>> {
  try {
    return { read: await read() };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolFailure) throw error;
    const fault = awsFault(error, { server: "observability", log });
    return { unreadable: fault?.words ?? messageOf(error) };
  }
}
