// What CloudWatch makes of the values of a metric: a point for each period that has some.
import { z } from "zod";
import { AwsFault } from "../service.ts";
import type { CloudWatchState } from "./state.ts";

const Dimension = z.object({ Name: z.string().min(1).max(255), Value: z.string().min(1).max(1024) });
/** A metric as requests name it. */
export const Named = z.object({
  Namespace: z.string().min(1).max(255),
  MetricName: z.string().min(1).max(255),
  Dimensions: z.array(Dimension).max(30).default([]),
});
export const Span = z.object({ StartTime: z.number(), EndTime: z.number() });
export const Period = z.number().int().min(1);

export type Point = { at: number; values: number[]; unit: string };
type Question = { metric: z.infer<typeof Named>; span: z.infer<typeof Span>; period: number };

/** For how long, in days, points of a period (seconds) are kept. */
const kept: [number, number][] = [
  [60, 15],
  [300, 63],
  [3_600, 455],
];

/** The points of a metric with exactly these dimensions. */
export function pointsOf(
  { metric, span, period }: Question,
  { metrics }: CloudWatchState,
  now: Date,
): Point[] {
  const wanted = key(metric.Dimensions.map(({ Name, Value }) => [Name, Value] as const));
  const oldest = now.getTime() / 1_000 - daysKept(period) * 86_400;
  const points = new Map<number, Point>();
  for (const one of metrics) {
    if (one.namespace !== metric.Namespace || one.name !== metric.MetricName) continue;
    if (key(Object.entries(one.dimensions)) !== wanted) continue;
    for (const { at, value } of one.values) {
      const second = at / 1_000;
      if (second < span.StartTime || second >= span.EndTime || second < oldest) continue;
      const start = Math.floor(second / period) * period;
      const point = points.get(start) ?? { at: start, values: [], unit: one.unit };
      point.values.push(value);
      points.set(start, point);
    }
  }
  return [...points.values()].sort((a, b) => b.at - a.at);
}

export function checkSpan({ StartTime, EndTime }: z.infer<typeof Span>, period: number): void {
  if (StartTime >= EndTime)
    throw new AwsFault(
      "InvalidParameterValueException",
      "The parameter StartTime must be less than the parameter EndTime.",
    );
  if (period % 60 !== 0 && ![1, 5, 10, 20, 30].includes(period))
    throw new AwsFault(
      "InvalidParameterValueException",
      "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.",
    );
}

export function statisticOf(name: string, values: number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  if (name === "Sum") return sum;
  if (name === "Average") return sum / values.length;
  if (name === "Minimum") return Math.min(...values);
  if (name === "Maximum") return Math.max(...values);
  if (name === "SampleCount") return values.length;
  throw new AwsFault(
    "InvalidParameterValueException",
    `The value ${name} for parameter Stat is not supported.`,
  );
}

function daysKept(period: number): number {
  return kept.findLast(([seconds]) => period % seconds === 0)?.[1] ?? 0.125;
}

function key(dimensions: (readonly [string, string])[]): string {
  return JSON.stringify([...dimensions].sort(([a], [b]) => (a < b ? -1 : 1)));
}
