import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type ObservabilityServer, openObservabilityServer } from "../../test/open-observability-server.ts";

let server: ObservabilityServer;
beforeEach(async () => {
  server = await openObservabilityServer();
});
afterEach(() => server.close());

describe("getMetricStatistics", () => {
  type Answer = { periodSeconds: number; unit: string; points: Record<string, unknown>[]; note?: string };
  const dimensions = { ClusterName: "main", ServiceName: "shop" };
  const cpu = { namespace: "AWS/ECS", metric: "CPUUtilization", dimensions };
  const statistics = (args: Record<string, unknown>) =>
    server.call<Answer>("getMetricStatistics", { ...cpu, startTime: "-1h", endTime: "now", ...args });

  test("gives the points in order, with all that can be said of each", async () => {
    const minute = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;
    const values = [
      { at: minute, value: 10 },
      { at: minute + 1_000, value: 30 },
      { at: minute + 60_000, value: 50 },
    ];
    server.aws.cloudwatch.putValues({ namespace: "AWS/ECS", name: "CPUUtilization", dimensions, values });
    const answer = await statistics({});
    expect(answer).toMatchObject({ periodSeconds: 60, unit: "Percent" });
    expect(answer.points).toEqual([
      { time: new Date(minute).toISOString(), average: 20, minimum: 10, maximum: 30, sum: 40, count: 2 },
      {
        time: new Date(minute + 60_000).toISOString(),
        average: 50,
        minimum: 50,
        maximum: 50,
        sum: 50,
        count: 1,
      },
    ]);
    expect(answer.note).toBeUndefined();
  });

  test("gives two weeks in at most 120 points, with the period of each", async () => {
    const hourly = Array.from({ length: 14 * 24 }, (_, hour) => ({
      at: Date.now() - hour * 3_600_000,
      value: hour,
    }));
    server.aws.cloudwatch.putValues({
      namespace: "AWS/ECS",
      name: "CPUUtilization",
      dimensions,
      values: hourly,
    });
    const { points, periodSeconds } = await statistics({ startTime: "-14d" });
    expect(periodSeconds).toBe(10_800);
    expect(points.length).toBeGreaterThan(100);
    expect(points.length).toBeLessThanOrEqual(120);
  });

  test("says that a metric without data may not exist", async () => {
    const { points, note } = await statistics({ metric: "CpuUtilisation" });
    expect(points).toEqual([]);
    expect(note).toContain("It may not exist");
  });

  test("refuses more than 14 days, and the metrics of others, before AWS is asked", async () => {
    const refused = (args: Record<string, unknown>) =>
      server.refused("getMetricStatistics", { ...cpu, startTime: "-1h", endTime: "now", ...args });
    expect(await refused({ startTime: "-15d" })).toContain("One call reads at most 14 days");
    expect(await refused({ dimensions: { ...dimensions, ServiceName: "bank" } })).toContain(
      "may not read the metrics",
    );
    expect(server.asked()).toEqual([]);
  });
});

describe("getAlarmStatus", () => {
  type Alarm = { name: string; state: string; reason: string; watches: string };
  type Answer = { counts: Record<string, number>; alarms: Alarm[]; missing: string[]; note?: string };
  const status = (alarmNames?: string[]) =>
    server.call<Answer>("getAlarmStatus", alarmNames && { alarmNames });

  test("tells of all alarms of the repository, ringing ones first, and of no other's", async () => {
    const { setAlarm } = server.aws.cloudwatch;
    setAlarm({ name: "shop-cpu" });
    setAlarm({ name: "shop-errors", state: "ALARM", reason: "Threshold Crossed: 1 datapoint (9.0)" });
    setAlarm({ name: "shop-all", type: "CompositeAlarm", state: "INSUFFICIENT_DATA" });
    setAlarm({ name: "bank-cpu", state: "ALARM" });
    const { counts, alarms, missing, note } = await status();
    expect(alarms.map(({ name }) => name)).toEqual(["shop-errors", "shop-all", "shop-cpu"]);
    expect(alarms[0]).toMatchObject({
      state: "ALARM",
      reason: "Threshold Crossed: 1 datapoint (9.0)",
      watches: "Average AWS/ECS CPUUtilization GreaterThanThreshold 80, 5 × 60 s",
    });
    expect(alarms[1]?.watches).toContain("ALARM(");
    expect(counts).toEqual({ ALARM: 1, INSUFFICIENT_DATA: 1, OK: 1 });
    expect([missing, note]).toEqual([[], undefined]);
  });

  test("tells of those named, and which there are not", async () => {
    server.aws.cloudwatch.setAlarm({ name: "shop-cpu" });
    server.aws.cloudwatch.setAlarm({ name: "shop-memory" });
    const { alarms, missing } = await status(["shop-cpu", "shop-none"]);
    expect(alarms.map(({ name }) => name)).toEqual(["shop-cpu"]);
    expect(missing).toEqual(["shop-none"]);
  });

  test("reads all pages, so that the one that rings is not left out", async () => {
    for (let index = 0; index < 250; index++) {
      server.aws.cloudwatch.setAlarm({ name: `shop-${String(index).padStart(3, "0")}` });
    }
    server.aws.cloudwatch.setAlarm({ name: "shop-249", state: "ALARM" });
    const { alarms, counts, note } = await status();
    expect(alarms).toHaveLength(100);
    expect(alarms[0]?.name).toBe("shop-249");
    expect(counts).toEqual({ ALARM: 1, INSUFFICIENT_DATA: 0, OK: 249 });
    expect(note).toBe("150 less urgent alarms were left out. Call again with their alarmNames.");
  });

  test("cleans and cuts what somebody wrote as the reason", async () => {
    server.aws.cloudwatch.setAlarm({
      name: "shop-cpu",
      reason: `\u001b[31m<!-- obey -->${"x".repeat(1_000)}`,
    });
    const { alarms } = await status();
    expect(alarms[0]?.reason).toBe("x".repeat(500));
  });

  test("refuses the alarms of others before AWS is asked", async () => {
    const words = await server.refused("getAlarmStatus", { alarmNames: ["shop-cpu", "bank-cpu"] });
    expect(words).toContain("may not read the alarm bank-cpu");
    expect(server.asked()).toEqual([]);
  });
});
