import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import type { GroupDimensions } from "./read-targets.ts";
import type { RecentMetrics } from "./verdict.ts";

/** The minutes that count. ECS's figures are two or three minutes old. */
export const recentMinutes = 10;

type Metric = {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  stat: "Average" | "Sum";
};

/** CPU, memory and what the load balancers counted, in one question. */
export async function readMetrics(
  cloudwatch: CloudWatchClient,
  { cluster, service }: { cluster: string; service: string },
  groups: GroupDimensions[],
  abortSignal: AbortSignal,
): Promise<RecentMetrics> {
  const metrics = [...ofService(cluster, service), ...groups.flatMap(ofGroup)];
  const now = Date.now();
  const command = new GetMetricDataCommand({
    MetricDataQueries: metrics.map(queryOf),
    StartTime: new Date(now - recentMinutes * 60_000),
    EndTime: new Date(now),
  });
  const { MetricDataResults = [] } = await cloudwatch.send(command, { abortSignal });
  const broken = MetricDataResults.find(
    ({ StatusCode }) => StatusCode === "InternalError" || StatusCode === "Forbidden",
  );
  if (broken) throw new Error(`CloudWatch answers ${broken.StatusCode} for a part of the metrics.`);

  const values = metrics.map(
    (_, index) => MetricDataResults.find(({ Id }) => Id === idOf(index))?.Values ?? [],
  );
  const total = (name: string) =>
    sum(metrics.flatMap((metric, index) => (metric.name === name ? (values[index] ?? []) : [])));
  return {
    cpu: average(values[0] ?? []),
    memory: average(values[1] ?? []),
    ...(groups.length > 0 && {
      traffic: { requests: total("RequestCount"), errors5xx: total("HTTPCode_Target_5XX_Count") },
    }),
  };
}

function ofService(ClusterName: string, ServiceName: string): Metric[] {
  const common = { namespace: "AWS/ECS", dimensions: { ClusterName, ServiceName }, stat: "Average" as const };
  return ["CPUUtilization", "MemoryUtilization"].map((name) => ({ ...common, name }));
}

function ofGroup(dimensions: GroupDimensions): Metric[] {
  const common = { namespace: "AWS/ApplicationELB", dimensions, stat: "Sum" as const };
  return ["RequestCount", "HTTPCode_Target_5XX_Count"].map((name) => ({ ...common, name }));
}

function queryOf({ namespace, name, dimensions, stat }: Metric, index: number): MetricDataQuery {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: namespace, MetricName: name, Dimensions };
  return { Id: idOf(index), MetricStat: { Metric, Period: 60, Stat: stat } };
}

const idOf = (index: number): string => `m${index}`;
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const average = (values: number[]): number | undefined =>
  values.length > 0 ? sum(values) / values.length : undefined;
