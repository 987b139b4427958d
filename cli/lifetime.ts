import { z } from "zod";

const seconds: Record<string, number> = { s: 1, m: 60, min: 60, h: 3_600, d: 86_400 };
const most = 24 * 3_600;
const expected = "Expected a time of up to 24 hours, such as 30m or 1h";

/** How long something is valid, as people type it, in seconds: `90s`, `30m`, `1h`. A day at most. */
export const lifetime = z.string(expected).transform((text, context) => {
  const [, amount, unit = ""] = text.match(/^(\d{1,6}) ?(s|m|min|h|d)$/) ?? [];
  const length = Number(amount) * (seconds[unit] ?? 0);
  if (length > 0 && length <= most) return length;
  context.addIssue({ code: "custom", message: expected });
  return z.NEVER;
});
