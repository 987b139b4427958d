import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  type GetMetricStatisticsCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createLogger } from "../../../shared/logger.ts";
import { type LocalAws, startAws } from "../start-aws.ts";
import { localKey } from "../world.ts";

let aws: LocalAws;
let client: CloudWatchClient;
beforeEach(async () => {
  aws = await startAws({ port: 0, log: createLogger("test", "silent") });
  client = new CloudWatchClient({
    endpoint: aws.url,
    region: "eu-central-1",
    credentials: localKey,
    maxAttempts: 1,
  });
});
afterEach(() => aws.close());

const minute = 60_000;
/** A whole hour, of today or yesterday: old data is not kept by the minute. */
const hour = Math.floor((Date.now() - 60 * minute) / (60 * minute)) * 60 * minute;
const dimensions = { ClusterName: "main", ServiceName: "shop" };
const Dimensions = [
  { Name: "ServiceName", Value: "shop" },
  { Name: "ClusterName", Value: "main" },
];
const metric = { Namespace: "AWS/ECS", MetricName: "CPUUtilization", Dimensions };

function putCpu(values: [minutes: number, value: number][]) {
  const at = values.map(([minutes, value]) => ({ at: hour + minutes * minute, value }));
  aws.controls.cloudwatch.putValues({
    namespace: "AWS/ECS",
    name: "CPUUtilization",
    dimensions,
    values: at,
  });
}

function statistics(changed: Partial<GetMetricStatisticsCommandInput> = {}) {
  const span = { StartTime: new Date(hour), EndTime: new Date(hour + 60 * minute), Period: 60 };
  const Statistics = ["Average" as const, "Sum" as const, "SampleCount" as const];
  return client.send(new GetMetricStatisticsCommand({ ...metric, ...span, Statistics, ...changed }));
}

describe("GetMetricStatistics", () => {
  test("makes one point of the values of a period", async () => {
    putCpu([
      [0, 10],
      [0.5, 20],
      [1, 50],
      [60, 99],
    ]);
    const { Datapoints } = await statistics();
    expect(Datapoints).toHaveLength(2);
    expect(Datapoints).toContainEqual({
      Timestamp: new Date(hour),
      Unit: "Percent",
      Average: 15,
      Sum: 30,
      SampleCount: 2,
    });
  });

  test("knows nothing of a metric with other dimensions", async () => {
    putCpu([[0, 10]]);
    expect((await statistics({ Dimensions: Dimensions.slice(1) })).Datapoints).toEqual([]);
  });

  test("keeps minutes for 15 days, and hours for longer", async () => {
    putCpu([[-60 * 24 * 20, 10]]);
    const old = new Date(hour - 20 * 24 * 60 * minute);
    const span = { StartTime: old, EndTime: new Date(old.getTime() + 60 * minute) };
    expect((await statistics(span)).Datapoints).toEqual([]);
    expect((await statistics({ ...span, Period: 3_600 })).Datapoints).toHaveLength(1);
  });

  test.each([
    [
      "more than 1,440 points",
      { StartTime: new Date(hour - 2 * 24 * 60 * minute) },
      "exceeds the limit of 1,440",
    ],
    [
      "a start that is not before its end",
      { StartTime: new Date(hour + 60 * minute) },
      "StartTime must be less",
    ],
    ["a period that is no multiple of 60", { Period: 61 }, "multiple of 60"],
  ])("refuses %s", async (_, changed, message) => {
    await expect(statistics(changed)).rejects.toThrow(message);
  });
});

test("GetMetricData answers several questions, newest values first", async () => {
  putCpu([
    [0, 10],
    [1, 50],
  ]);
  const stat = (Metric: object, Stat: string) => ({ MetricStat: { Metric, Period: 60, Stat } });
  const answer = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(hour),
      EndTime: new Date(hour + 60 * minute),
      MetricDataQueries: [
        { Id: "cpu", ...stat(metric, "Average") },
        { Id: "none", ...stat({ ...metric, MetricName: "None" }, "Sum") },
      ],
    }),
  );
  expect(answer.MetricDataResults).toMatchObject([
    {
      Id: "cpu",
      Values: [50, 10],
      Timestamps: [new Date(hour + minute), new Date(hour)],
      StatusCode: "Complete",
    },
    { Id: "none", Values: [] },
  ]);
});

describe("DescribeAlarms", () => {
  const alarms = (input: DescribeAlarmsCommandInput = {}) => client.send(new DescribeAlarmsCommand(input));

  test("tells the state of alarms by prefix or by name, page by page", async () => {
    const { setAlarm } = aws.controls.cloudwatch;
    for (const name of ["shop-b", "shop-a", "bank-a"]) setAlarm({ name });
    setAlarm({ name: "shop-b", state: "ALARM", reason: "Threshold crossed" });
    const first = await alarms({ AlarmNamePrefix: "shop-", MaxRecords: 1 });
    expect(first.MetricAlarms).toMatchObject([{ AlarmName: "shop-a", StateValue: "OK" }]);
    const second = await alarms({ AlarmNamePrefix: "shop-", MaxRecords: 1, NextToken: first.NextToken });
    expect(second.MetricAlarms).toMatchObject([
      {
        AlarmName: "shop-b",
        StateValue: "ALARM",
        StateReason: "Threshold crossed",
        StateUpdatedTimestamp: expect.any(Date),
      },
    ]);
    expect(second.NextToken).toBeUndefined();
    expect((await alarms({ AlarmNames: ["bank-a", "none"] })).MetricAlarms).toHaveLength(1);
  });

  test("tells composite alarms only to those who ask for them", async () => {
    aws.controls.cloudwatch.setAlarm({ name: "all", type: "CompositeAlarm" });
    expect((await alarms()).CompositeAlarms).toEqual([]);
    expect((await alarms({ AlarmTypes: ["CompositeAlarm"] })).CompositeAlarms).toMatchObject([
      { AlarmName: "all", AlarmRule: expect.any(String) },
    ]);
  });

  test.each<[string, DescribeAlarmsCommandInput]>([
    ["101 alarms at once", { MaxRecords: 101 }],
    ["names and a prefix together", { AlarmNames: ["a"], AlarmNamePrefix: "a" }],
    ["a token of its own making", { NextToken: "abc" }],
  ])("refuses %s", async (_, input) => {
    await expect(alarms(input)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  });
});
