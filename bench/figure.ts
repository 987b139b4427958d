// What a benchmark finds out: one figure, and the most that it may be.

export type Figure = {
  what: string;
  value: number;
  /** `s`, or what it is a multiple of. */
  unit: string;
  /** Without one it is shown for comparison alone. */
  atMost?: number;
};

export function isMissed({ value, atMost }: Figure): boolean {
  // What is not a number is no success.
  return atMost !== undefined && !(value <= atMost);
}

/** One plain line: what, measured, target. */
export function figureLine(figure: Figure): string {
  const { what, value, unit, atMost } = figure;
  const target = atMost === undefined ? "" : ` (target: at most ${rounded(atMost)} ${unit})`;
  return `${isMissed(figure) ? "MISSED " : ""}${what}: ${rounded(value)} ${unit}${target}`;
}

function rounded(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}

/** The value that this share of all values does not exceed: 0.5 gives the median, 1 the largest. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Times in milliseconds as figures in seconds: the median for comparison, and the one that has to keep to the target. */
export function timeFigures(what: string, times: number[], share: number, atMost?: number): Figure[] {
  const name = share === 1 ? "the longest" : `p${share * 100}`;
  return [
    { what: `${what}, median of ${times.length}`, value: quantile(times, 0.5) / 1000, unit: "s" },
    { what: `${what}, ${name} of ${times.length}`, value: quantile(times, share) / 1000, unit: "s", atMost },
  ];
}
