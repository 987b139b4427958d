// How the command line says things.
import { stripVTControlCharacters } from "node:util";
import type { Paint } from "./output.ts";

/** How the program is started. */
export const typed = "npm run afu9 --";

/** What people type to name an execution: the end of an id is random, its beginning is a time. */
export function short(id: string): string {
  return id.slice(-8);
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** A time that has passed, in its largest unit: `3 min`. */
export function age(milliseconds: number): string {
  const [unit, length] = units.find(([, length]) => milliseconds >= length) ?? ["s", 1_000];
  return `${Math.max(0, Math.floor(milliseconds / length))} ${unit}`;
}

export function cost(usd: number): string {
  return usd === 0 ? "-" : `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`;
}

export function utc(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Rows under a head, each column as wide as its widest cell. Cells may be coloured. */
export function table(head: string[], rows: string[][]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => width(row[column]))));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function width(cell = ""): number {
  return [...stripVTControlCharacters(cell)].length;
}

const styles: Record<string, Parameters<Paint>[0]> = {
  succeeded: "green",
  processed: "green",
  failed: "red",
  cancelled: "red",
  running: "cyan",
  waiting: "yellow",
  paused: "yellow",
};

/** A status in its colour. */
export function status(name: string, paint: Paint): string {
  const style = styles[name];
  return style ? paint(style, name) : name;
}
