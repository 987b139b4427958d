import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { shop, targets } from "../../test/deploy-targets.ts";
import { type ObservabilityServer, openObservabilityServer } from "../../test/open-observability-server.ts";
import type { GroupHealth, RecentMetrics, ServiceState, Verdict } from "./verdict.ts";

const worker = { ...shop, cluster: "other", service: "worker" };
const gone = { ...shop, service: "gone" };

let server: ObservabilityServer;
let targetGroup: string;
beforeEach(async () => {
  server = await openObservabilityServer({ targets: [...targets, worker, gone] });
  const { ecs, elb } = server.aws;
  ecs.addCluster({ name: "main" });
  targetGroup = elb.addTargetGroup({ name: "shop-web" });
  elb.setTargets({ arn: targetGroup, states: ["healthy", "healthy"] });
  const containerDefinitions = [
    { name: "web", image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1" },
  ];
  const taskDefinition = { family: "shop", containerDefinitions };
  ecs.addService({ cluster: "main", service: "shop", taskDefinition, targetGroups: [targetGroup] });
});
afterEach(() => server.close());

type Answer = {
  verdict: Verdict;
  reasons: string[];
  service?: ServiceState & { taskDefinition: string };
  targetGroups?: GroupHealth[];
  metrics?: RecentMetrics;
  events: { time: string; message: string }[];
};
const health = ({ cluster, service }: { cluster: string; service: string } = shop) =>
  server.call<Answer>("getServiceHealth", { cluster, service });

function put(namespace: string, name: string, dimensions: Record<string, string>, value: number): void {
  server.aws.cloudwatch.putValues({
    namespace,
    name,
    dimensions,
    values: [{ value, at: Date.now() - 120_000 }],
  });
}
function putShare(name: "CPUUtilization" | "MemoryUtilization", value: number): void {
  put("AWS/ECS", name, { ClusterName: "main", ServiceName: "shop" }, value);
}
function putCount(name: "RequestCount" | "HTTPCode_Target_5XX_Count", value: number): void {
  const TargetGroup = targetGroup.split(":").at(-1) ?? "";
  put("AWS/ApplicationELB", name, { TargetGroup, LoadBalancer: "app/shop-web/50dc6c495c0c9188" }, value);
}

test("a service whose tasks, targets and metrics are well is healthy", async () => {
  putShare("CPUUtilization", 20);
  putShare("MemoryUtilization", 40);
  putCount("RequestCount", 300);
  expect(await health()).toEqual({
    verdict: "healthy",
    reasons: [
      "2 of 2 tasks run.",
      "In the target group shop-web 2 of 2 targets are healthy.",
      "CPU is at 20 %.",
      "Memory is at 40 %.",
      "0 of 300 requests were answered with 5xx.",
    ],
    service: {
      status: "ACTIVE",
      running: 2,
      desired: 2,
      pending: 0,
      rollout: "COMPLETED",
      rolloutReason: expect.any(String),
      taskDefinition: "shop:1",
    },
    targetGroups: [{ name: "shop-web", healthy: 2, starting: 0, unhealthy: 0, leaving: 0 }],
    metrics: { cpu: 20, memory: 40, traffic: { requests: 300, errors5xx: 0 } },
    events: expect.any(Array),
  });
});

test("a sick target and many errors are seen, each with its reason", async () => {
  server.aws.elb.setTargets({ arn: targetGroup, states: ["healthy", "unhealthy", "draining"] });
  putCount("RequestCount", 100);
  putCount("HTTPCode_Target_5XX_Count", 60);
  const { verdict, reasons } = await health();
  expect(verdict).toBe("unhealthy");
  expect(reasons).toEqual([
    "In the target group shop-web 1 of 2 targets are healthy, 0 are starting, 1 fail their health check.",
    "60 of 100 requests were answered with 5xx.",
  ]);
});

test("a service behind no load balancer is judged without one", async () => {
  server.aws.ecs.addCluster({ name: "other" });
  const taskDefinition = { family: "worker", containerDefinitions: [{ name: "worker", image: "shop:1" }] };
  server.aws.ecs.addService({ cluster: "other", service: "worker", taskDefinition });
  const { verdict, metrics } = await health(worker);
  expect(verdict).toBe("healthy");
  expect(metrics?.traffic).toBeUndefined();
});

test("a service that there is not is told as such", async () => {
  await expect(health(gone)).rejects.toThrow("There is no service gone in the cluster main.");
});

describe("a part that can't be read", () => {
  test.each([
    ["ecs", "DescribeServices", "ECS could not be read"],
    ["elasticloadbalancing", "DescribeTargetHealth", "The health of the targets could not be read"],
    ["elasticloadbalancing", "DescribeTargetGroups", "The metrics could not be read"],
    ["monitoring", "GetMetricData", "The metrics could not be read"],
  ])(
    "(%s %s) makes the verdict unknown, with the right that is missing",
    async (service, operation, words) => {
      const right = `${service}:${operation}`;
      const message = `User: arn:aws:sts::123456789012:assumed-role/x is not authorized to perform: ${right} on resource: *`;
      server.aws.world.fail({ service, operation, code: "AccessDeniedException", message });
      const { verdict, reasons } = await health();
      expect(verdict).toBe("unknown");
      expect(reasons.join(" ")).toContain(words);
      expect(reasons.join(" ")).toContain(`AWS does not allow the observability server ${right}.`);
      expect(reasons.join(" ")).not.toContain("123456789012");
    },
  );

  test("hides nothing that another part tells", async () => {
    server.aws.world.fail({ service: "monitoring", operation: "GetMetricData", code: "ThrottlingException" });
    server.aws.elb.setTargets({ arn: targetGroup, states: ["unhealthy"] });
    const { verdict, reasons, metrics } = await health();
    expect(verdict).toBe("unhealthy");
    expect(reasons).toEqual([
      expect.stringContaining("1 fail their health check"),
      "The metrics could not be read: AWS asks to wait (ThrottlingException). The same call may work in a minute.",
    ]);
    expect(metrics).toBeUndefined();
  });
});
