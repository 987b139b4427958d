import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { GroupHealth } from "./verdict.ts";

/** A target group and a load balancer as CloudWatch's dimensions name them: the last part of their ARNs. */
export type GroupDimensions = { TargetGroup: string; LoadBalancer: string };

/** How many targets of each group are in which state. */
export async function readTargets(
  elb: ElasticLoadBalancingV2Client,
  targetGroupArns: string[],
  abortSignal: AbortSignal,
): Promise<GroupHealth[]> {
  return Promise.all(
    targetGroupArns.map(async (TargetGroupArn) => {
      const answer = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }), { abortSignal });
      return healthOf(TargetGroupArn, answer.TargetHealthDescriptions ?? []);
    }),
  );
}

export async function readDimensions(
  elb: ElasticLoadBalancingV2Client,
  targetGroupArns: string[],
  abortSignal: AbortSignal,
): Promise<GroupDimensions[]> {
  if (targetGroupArns.length === 0) return [];
  const command = new DescribeTargetGroupsCommand({ TargetGroupArns: targetGroupArns });
  const { TargetGroups = [] } = await elb.send(command, { abortSignal });
  return TargetGroups.flatMap(({ TargetGroupArn = "", LoadBalancerArns = [] }) =>
    LoadBalancerArns.map((balancer) => ({
      TargetGroup: TargetGroupArn.split(":").at(-1) ?? "",
      LoadBalancer: balancer.split(":loadbalancer/").at(-1) ?? "",
    })),
  );
}

function healthOf(arn: string, targets: TargetHealthDescription[]): GroupHealth {
  const count = (...states: string[]) =>
    targets.filter(({ TargetHealth }) => states.includes(TargetHealth?.State ?? "")).length;
  return {
    name: arn.split("/").at(-2) ?? arn,
    healthy: count("healthy"),
    starting: count("initial"),
    unhealthy: count("unhealthy", "unavailable"),
    leaving: count("draining", "unhealthy.draining", "unused"),
  };
}
