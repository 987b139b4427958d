import { jsonService } from "../protocols/json.ts";
import { describeAlarms } from "./describe-alarms.ts";
import { getMetricData } from "./get-metric-data.ts";
import { getMetricStatistics } from "./get-metric-statistics.ts";

/** CloudWatch's metrics and alarms. Its SDK client speaks AWS JSON 1.0. */
export const cloudwatch = jsonService("monitoring", {
  DescribeAlarms: describeAlarms,
  GetMetricData: getMetricData,
  GetMetricStatistics: getMetricStatistics,
});
