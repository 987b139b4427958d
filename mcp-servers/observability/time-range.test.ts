import { expect, test } from "@jest/globals";
import { days, hours, readRange, readTime, time } from "./time-range.ts";

const now = new Date("2026-11-27T12:00:00Z");

test.each([
  ["now", "2026-11-27T12:00:00.000Z"],
  ["-30s", "2026-11-27T11:59:30.000Z"],
  ["-15m", "2026-11-27T11:45:00.000Z"],
  ["-2h", "2026-11-27T10:00:00.000Z"],
  ["-1d", "2026-11-26T12:00:00.000Z"],
  ["2026-11-27T10:00:00Z", "2026-11-27T10:00:00.000Z"],
  ["2026-11-27T10:00:00.5+01:00", "2026-11-27T09:00:00.500Z"],
])("%s is a time", (text, expected) => {
  expect(time.parse(text)).toBe(text);
  expect(readTime(text, now).toISOString()).toBe(expected);
});

test.each([
  "",
  "yesterday",
  "-15",
  "15m",
  "-15w",
  "-9999999d",
  "--15m",
  "2026-11-27",
  "2026-11-27T10:00:00",
  "2026-13-40T99:00:00Z",
  "1764237600",
  "-15m; date",
])("%j is no time, and the words say what would be", (text) => {
  const { error } = time.safeParse(text);
  expect(error?.issues[0]?.message).toContain("such as 2026-11-27T10:00:00Z, or one before now such as -15m");
});

test.each([
  ["that begins when it ends", "-1h", "-1h", "Expected a start before the end"],
  ["that ends before it begins", "-1h", "-2h", "Expected a start before the end"],
  [
    "of a week",
    "-7d",
    "now",
    "reads at most 24 hours, but 2026-11-20T12:00:00.000Z to 2026-11-27T12:00:00.000Z is 7 days",
  ],
  ["a second too long", "2026-11-26T11:59:59Z", "now", "reads at most 24 hours"],
])("a range %s is refused", (_, startTime, endTime, words) => {
  expect(() => readRange({ startTime, endTime }, { longest: hours(24), now })).toThrow(words);
});

test("a range as long as the bound is read", () => {
  const range = readRange({ startTime: "-14d", endTime: "now" }, { longest: days(14), now });
  expect(range.start.toISOString()).toBe("2026-11-13T12:00:00.000Z");
});
