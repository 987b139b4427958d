import { describe, expect, test } from "@jest/globals";
import {
  type GroupHealth,
  type HealthParts,
  judge,
  type RecentMetrics,
  type ServiceState,
} from "./verdict.ts";

const service = {
  status: "ACTIVE",
  running: 2,
  desired: 2,
  pending: 0,
  rollout: "COMPLETED",
  rolloutReason: "",
};
const group = { name: "web", healthy: 2, starting: 0, unhealthy: 0, leaving: 0 };
const metrics = { cpu: 12.4, memory: 30, traffic: { requests: 500, errors5xx: 1 } };
const well: HealthParts = {
  service: { read: service },
  targets: { read: [group] },
  metrics: { read: metrics },
};

const withService = (changed: Partial<ServiceState>) => ({
  ...well,
  service: { read: { ...service, ...changed } },
});
const withGroup = (changed: Partial<GroupHealth>) => ({
  ...well,
  targets: { read: [{ ...group, ...changed }] },
});
const withMetrics = (changed: Partial<RecentMetrics>) => ({
  ...well,
  metrics: { read: { ...metrics, ...changed } },
});
const traffic = (requests: number, errors5xx: number) => withMetrics({ traffic: { requests, errors5xx } });

test("a service whose every part is well is healthy, and the reasons say what was seen", () => {
  expect(judge(well)).toEqual({
    verdict: "healthy",
    reasons: [
      "2 of 2 tasks run.",
      "In the target group web 2 of 2 targets are healthy.",
      "CPU is at 12 %.",
      "Memory is at 30 %.",
      "1 of 500 requests were answered with 5xx.",
    ],
  });
});

test.each<[string, HealthParts]>([
  ["behind no load balancer", { ...well, targets: { read: [] }, metrics: { read: { cpu: 1, memory: 1 } } }],
  ["that nobody asked anything", traffic(0, 0)],
  ["of which CloudWatch has no figures yet", withMetrics({ cpu: undefined, memory: undefined })],
  ["whose former tasks are still leaving", withGroup({ leaving: 2 })],
  ["at the limits", { ...withMetrics({ cpu: 80, memory: 80, traffic: { requests: 100, errors5xx: 5 } }) }],
])("a service %s is healthy", (_, parts) => {
  expect(judge(parts).verdict).toBe("healthy");
});

test.each<[string, HealthParts, string]>([
  ["lacks a task", withService({ running: 1, pending: 1 }), "1 of 2 tasks run, 1 are being started."],
  ["is scaled to zero", withService({ running: 0, desired: 0 }), "No task is wanted"],
  ["is being rolled out", withService({ rollout: "IN_PROGRESS" }), "A rollout is in progress"],
  ["has a sick target", withGroup({ healthy: 1, unhealthy: 1 }), "1 of 2 targets are healthy"],
  ["has only targets that start", withGroup({ healthy: 0, starting: 2 }), "2 are starting"],
  ["has a busy CPU", withMetrics({ cpu: 80.1 }), "CPU is at 80 %."],
  ["is short of memory", withMetrics({ memory: 97 }), "Memory is at 97 %."],
  ["answers some requests with errors", traffic(100, 6), "6 of 100 requests were answered with 5xx."],
])("a service that %s is degraded", (_, parts, reason) => {
  const { verdict, reasons } = judge(parts);
  expect(verdict).toBe("degraded");
  expect(reasons).toEqual([expect.stringContaining(reason)]);
});

test.each<[string, HealthParts, string]>([
  ["is going away", withService({ status: "DRAINING" }), "The service is DRAINING"],
  ["runs no task", withService({ running: 0, pending: 2 }), "0 of 2 tasks run"],
  [
    "failed to roll out",
    withService({ rollout: "FAILED", rolloutReason: "tasks failed to start." }),
    "tasks failed to start.",
  ],
  ["has only sick targets", withGroup({ healthy: 0, unhealthy: 2 }), "2 fail their health check"],
  ["has no targets", withGroup({ healthy: 0, leaving: 1 }), "has no target"],
  ["answers most requests with errors", traffic(100, 51), "51 of 100"],
  ["has errors and no count of requests", traffic(0, 3), "3 of 0"],
])("a service that %s is unhealthy", (_, parts, reason) => {
  const { verdict, reasons } = judge(parts);
  expect(verdict).toBe("unhealthy");
  expect(reasons).toEqual([expect.stringContaining(reason)]);
});

describe("a part that can't be read", () => {
  const unreadable = { unreadable: "AWS can't answer now." };

  test.each(["service", "targets", "metrics"] as const)(
    "makes the verdict unknown when it is the %s",
    (part) => {
      const { verdict, reasons } = judge({ ...well, [part]: unreadable });
      expect(verdict).toBe("unknown");
      expect(reasons).toEqual([expect.stringContaining("could not be read: AWS can't answer now.")]);
    },
  );

  test("is named, and hides nothing bad that another part tells", () => {
    const { verdict, reasons } = judge({ ...withService({ running: 0 }), metrics: unreadable });
    expect(verdict).toBe("unhealthy");
    expect(reasons).toEqual([
      expect.stringContaining("0 of 2"),
      expect.stringContaining("The metrics could not"),
    ]);
  });

  test("never leaves a service healthy, also when nothing can be read", () => {
    expect(judge({ service: unreadable, targets: unreadable, metrics: unreadable }).verdict).toBe("unknown");
  });
});
