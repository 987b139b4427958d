import { getAlarmStatus } from "./tools/get-alarm-status.ts";
import { getMetricStatistics } from "./tools/get-metric-statistics.ts";
import { getServiceHealth } from "./tools/get-service-health.ts";
import { searchLogs } from "./tools/search-logs.ts";
import { streamLogs } from "./tools/stream-logs.ts";

export const observabilityTools = [
  searchLogs,
  streamLogs,
  getServiceHealth,
  getAlarmStatus,
  getMetricStatistics,
];
