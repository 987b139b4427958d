import { type Datapoint, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { allowMetric } from "../allowed.ts";
import { endTime, Range, startTime } from "../inputs.ts";
import { maxPoints, metricPeriod } from "../metric-period.ts";
import { observabilityTool } from "../observability-tool.ts";
import { days, readRange } from "../time-range.ts";

const printable = (longest: number) =>
  z
    .string()
    .regex(
      new RegExp(`^[\\x20-\\x7E]{1,${longest}}$`),
      `expected 1 to ${longest} printable ASCII characters`,
    );
const statistics = ["Average", "Minimum", "Maximum", "Sum", "SampleCount"] as const;

export const getMetricStatistics = observabilityTool({
  name: "getMetricStatistics",
  description: `Get a CloudWatch metric of this repository's deployments over at most 14 days, as at most ${maxPoints} points: average, minimum, maximum, sum and count of each.`,
  input: z.object({
    namespace: printable(255).describe("The metric's namespace, such as AWS/ECS"),
    metric: printable(255).describe("The metric's name, such as CPUUtilization"),
    dimensions: z
      .record(printable(255), printable(1_024))
      .refine((dimensions) => Object.keys(dimensions).length <= 30, "expected at most 30 dimensions")
      .describe('All of the metric\'s dimensions, such as { "ClusterName": "main", "ServiceName": "web" }'),
    startTime,
    endTime,
  }),
  output: z.object({
    range: Range,
    periodSeconds: z
      .number()
      .describe("How many seconds one point stands for; shorter ranges have finer points"),
    unit: z.string(),
    points: z.array(
      z.object({
        time: z.string(),
        average: z.number(),
        minimum: z.number(),
        maximum: z.number(),
        sum: z.number(),
        count: z.number(),
      }),
    ),
    note: z.string().optional(),
  }),
  async run({ namespace, metric, dimensions, ...times }, { targets, cloudwatch }, { signal }) {
    allowMetric(targets, namespace, dimensions);
    const now = new Date();
    const range = readRange(times, { longest: days(14), now });
    const period = metricPeriod(range, now);
    const command = new GetMetricStatisticsCommand({
      Namespace: namespace,
      MetricName: metric,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: range.start,
      EndTime: range.end,
      Period: period,
      Statistics: [...statistics],
    });
    const { Datapoints = [] } = await cloudwatch.send(command, { abortSignal: signal });
    return {
      range: { start: range.start.toISOString(), end: range.end.toISOString() },
      periodSeconds: period,
      unit: Datapoints[0]?.Unit ?? "None",
      points: Datapoints.map(pointOf).sort((a, b) => a.time.localeCompare(b.time)),
      ...(Datapoints.length === 0 && { note: nothing }),
    };
  },
});

/** CloudWatch does not tell a metric that there is not from one without data. */
const nothing =
  "CloudWatch has no data of this metric in this time. It may not exist: check its name, and that these are all of its dimensions.";

function pointOf({ Timestamp, Average = 0, Minimum = 0, Maximum = 0, Sum = 0, SampleCount = 0 }: Datapoint) {
  return {
    time: Timestamp?.toISOString() ?? "",
    average: Average,
    minimum: Minimum,
    maximum: Maximum,
    sum: Sum,
    count: SampleCount,
  };
}
