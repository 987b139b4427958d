// Arguments that nobody would write by accident: each is refused in words, before AWS is asked, and tells nothing of others.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ObservabilityServer, openObservabilityServer } from "../../test/open-observability-server.ts";

let server: ObservabilityServer;
beforeAll(async () => {
  server = await openObservabilityServer();
  server.aws.logs.write({ logGroup: "/ecs/bank", lines: ["the bank's secret"] });
});
afterAll(() => server.close());

const times = { startTime: "-15m", endTime: "now" };
const good: Record<string, Record<string, unknown>> = {
  searchLogs: { logGroup: "/ecs/shop", ...times },
  streamLogs: { logGroup: "/ecs/shop", startTime: "-15m" },
  getServiceHealth: { cluster: "main", service: "shop" },
  getAlarmStatus: { alarmNames: ["shop-cpu"] },
  getMetricStatistics: { namespace: "Shop", metric: "Orders", dimensions: {}, ...times },
};

/** What is wrong, of which tool, and the arguments that differ from good ones. */
const table: [string, string, Record<string, unknown>][] = [
  ["a week of logs", "searchLogs", { startTime: "-7d" }],
  ["logs since the beginning", "searchLogs", { startTime: "1970-01-01T00:00:00Z" }],
  ["a time in seconds", "searchLogs", { startTime: 1_764_237_600 }],
  ["a time with a command", "searchLogs", { startTime: "-15m; date" }],
  ["a year of five digits", "searchLogs", { endTime: "+12026-01-01T00:00:00Z" }],
  ["another's log group", "searchLogs", { logGroup: "/ecs/bank" }],
  ["another's log group by a path", "searchLogs", { logGroup: "/ecs/shop/../bank" }],
  ["a log group by its ARN", "searchLogs", { logGroup: "arn:aws:logs:eu-central-1:1:log-group:/ecs/bank" }],
  ["a log group with a NUL", "searchLogs", { logGroup: "/ecs/shop\u0000/x" }],
  ["a log group with a line break", "searchLogs", { logGroup: "/ecs/shop\n" }],
  ["all log groups", "searchLogs", { logGroup: "*" }],
  ["a log group that is a list", "searchLogs", { logGroup: ["/ecs/shop", "/ecs/bank"] }],
  ["a log group in letters that look alike", "searchLogs", { logGroup: "/ecs/ѕhop" }],
  ["a pattern that ends another", "searchLogs", { filterPattern: '"a" } | { "b"' }],
  ["a pattern with a command", "searchLogs", { filterPattern: "ERROR; rm -rf /" }],
  ["a query of Logs Insights", "searchLogs", { filterPattern: "fields @message | limit 10" }],
  ["a pattern with a line break", "searchLogs", { filterPattern: "ERROR\nWARN" }],
  ["a pattern with a NUL", "searchLogs", { filterPattern: "ERROR\u0000" }],
  ["a pattern of 1,025 characters", "searchLogs", { filterPattern: "a".repeat(1_025) }],
  ["a pattern of a megabyte", "searchLogs", { filterPattern: "a ".repeat(500_000) }],
  ["a page of a megabyte", "searchLogs", { page: "a".repeat(1_000_000) }],
  ["an argument of AWS", "searchLogs", { logGroupIdentifier: "/ecs/bank" }],
  ["unmasked data", "searchLogs", { unmask: true }],
  ["a time of following", "streamLogs", { follow: 1_000_000 }],
  ["another's stream", "streamLogs", { logGroup: "/ecs/bank" }],
  ["a start in the future", "streamLogs", { startTime: "2999-01-01T00:00:00Z" }],
  ["another's service", "getServiceHealth", { service: "bank" }],
  ["another cluster", "getServiceHealth", { cluster: "other" }],
  ["a service by its ARN", "getServiceHealth", { service: "arn:aws:ecs:eu-central-1:1:service/main/bank" }],
  ["a service that is an option", "getServiceHealth", { service: "--all" }],
  ["another's alarm", "getAlarmStatus", { alarmNames: ["bank-cpu"] }],
  ["another's alarm among own ones", "getAlarmStatus", { alarmNames: ["shop-cpu", "bank-cpu"] }],
  ["no alarm", "getAlarmStatus", { alarmNames: [] }],
  [
    "101 alarms",
    "getAlarmStatus",
    { alarmNames: Array.from({ length: 101 }, (_, index) => `shop-${index}`) },
  ],
  ["an alarm with a terminal's sequence", "getAlarmStatus", { alarmNames: ["shop-\u001b[2J"] }],
  ["another's metrics", "getMetricStatistics", { namespace: "Bank" }],
  [
    "the metrics of the cluster",
    "getMetricStatistics",
    { namespace: "AWS/ECS", dimensions: { ClusterName: "main" } },
  ],
  [
    "another's service's metrics",
    "getMetricStatistics",
    { namespace: "AWS/ECS", dimensions: { ClusterName: "main", ServiceName: "bank" } },
  ],
  ["15 days of metrics", "getMetricStatistics", { startTime: "-15d" }],
  ["a dimension that is no text", "getMetricStatistics", { dimensions: { A: { $ne: "" } } }],
  [
    "31 dimensions",
    "getMetricStatistics",
    { dimensions: Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`D${index}`, "x"])) },
  ],
  ["a metric with a line break", "getMetricStatistics", { metric: "Orders\nOrders" }],
];

test.each(table)("%s is refused by %s", async (_, name, wrong) => {
  server.asked();
  const words = await server.refused(name, { ...good[name], ...wrong });
  expect(words).toMatch(/Call (it )?again|An operator allows more|Allowed:/);
  expect(words).not.toMatch(/secret|node_modules|\.ts:\d|at \w+ \(/);
  expect(words.length).toBeLessThan(5_000);
  expect(server.asked()).toEqual([]);
});

test("all tools are in the table", () => {
  expect(new Set(table.map(([, name]) => name))).toEqual(new Set(Object.keys(good)));
});

describe("a repository without a target", () => {
  test.each(Object.keys(good))("reads nothing by %s, and is told how a target is added", async (name) => {
    const { refused, close } = await server.connect({ repository: { owner: "octo", repo: "sample" } });
    const words = await refused(name, good[name]);
    expect(words).toContain("The repository octo/sample has no deployment target");
    expect(words).toContain("AFU9_DEPLOY_TARGETS");
    expect(words).not.toMatch(/shop|bank/);
    await close();
  });
});
