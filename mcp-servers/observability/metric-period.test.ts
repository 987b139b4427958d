import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { maxPoints, metricPeriod } from "./metric-period.ts";
import { days, hours } from "./time-range.ts";

const now = new Date("2026-11-27T12:00:00Z");

test.each([
  ["an hour", hours(1), 0, 60],
  ["two hours", hours(2), 0, 60],
  ["three hours", hours(3), 0, 300],
  ["a day", days(1), 0, 900],
  ["14 days", days(14), 0, 10_800],
  ["an hour three weeks ago", hours(1), days(21), 300],
  ["an hour half a year ago", hours(1), days(180), 3_600],
])("a point of %s stands for so many seconds", (_, length, ago, expected) => {
  const end = new Date(now.getTime() - ago);
  expect(metricPeriod({ start: new Date(end.getTime() - length), end }, now)).toBe(expected);
});

test("whatever the range, there are not too many points, and of a length that CloudWatch keeps", () => {
  const range = fc.record({
    length: fc.integer({ min: 1, max: days(14) }),
    ago: fc.integer({ min: 0, max: days(400) }),
  });
  fc.assert(
    fc.property(range, ({ length, ago }) => {
      const end = new Date(now.getTime() - ago);
      const period = metricPeriod({ start: new Date(end.getTime() - length), end }, now);
      expect(length / 1_000 / period).toBeLessThanOrEqual(maxPoints);
      expect(period % 60).toBe(0);
    }),
  );
});
