import { days, type TimeRange } from "./time-range.ts";

/** The most points in one answer. */
export const maxPoints = 120;
const rounds = [60, 300, 900, 3_600, 10_800, 21_600, 86_400];

/**
 * How many seconds one point of a metric stands for: the shortest round number that gives at most `maxPoints`, and that
 * CloudWatch still has. It keeps minutes for 15 days, five minutes for 63, and hours after that.
 */
export function metricPeriod({ start, end }: TimeRange, now: Date): number {
  const age = now.getTime() - start.getTime();
  const kept = age > days(63) ? 3_600 : age > days(15) ? 300 : 60;
  const needed = (end.getTime() - start.getTime()) / 1_000 / maxPoints;
  return rounds.find((seconds) => seconds >= Math.max(kept, needed)) ?? 86_400;
}
