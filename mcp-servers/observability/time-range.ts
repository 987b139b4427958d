// From when to when: as a caller writes it, and within what a tool can read at once.
import { z } from "zod";
import { ToolFailure } from "../../shared/errors.ts";

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
export const hours = (count: number): number => count * units.h;
export const days = (count: number): number => count * units.d;

const relative = /^-(\d{1,6})([smhd])$/;
const expected =
  "expected a time with its zone such as 2026-11-27T10:00:00Z, or one before now such as -15m, -2h, -1d";

/** A time as an argument. `describe` it. */
export const time = z
  .string()
  .refine(
    (text) =>
      text === "now" || relative.test(text) || z.iso.datetime({ offset: true }).safeParse(text).success,
    expected,
  );

export type TimeRange = { start: Date; end: Date };

/** What an argument that passed `time` means. */
export function readTime(text: string, now: Date): Date {
  const [, count, unit] = text.match(relative) ?? [];
  if (count && unit) return new Date(now.getTime() - Number(count) * units[unit as keyof typeof units]);
  return text === "now" ? now : new Date(text);
}

/** Reads two arguments that passed `time`, and checks them like `checkRange`. */
export function readRange(
  { startTime, endTime }: { startTime: string; endTime: string },
  { longest, now }: { longest: number; now: Date },
): TimeRange {
  return checkRange({ start: readTime(startTime, now), end: readTime(endTime, now) }, longest);
}

/** Gives the range when it is one and not longer than `longest` milliseconds, and throws `ToolFailure` otherwise. */
export function checkRange({ start, end }: TimeRange, longest: number): TimeRange {
  const span = end.getTime() - start.getTime();
  if (span <= 0) {
    throw new ToolFailure(
      `Expected a start before the end, got ${start.toISOString()} to ${end.toISOString()}. Call again with an earlier startTime.`,
    );
  }
  if (span > longest) {
    throw new ToolFailure(
      `One call reads at most ${inWords(longest)}, but ${start.toISOString()} to ${end.toISOString()} is ${inWords(span)}. ` +
        `Call again with a shorter range, and once more for each further one.`,
    );
  }
  return { start, end };
}

function inWords(milliseconds: number): string {
  const [unit, size] = milliseconds > days(2) ? ["days", units.d] : ["hours", units.h];
  return `${Number((milliseconds / size).toFixed(1))} ${unit}`;
}
