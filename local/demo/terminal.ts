// What people see: lines that stay, and in a terminal one line that moves.
import { clearLine, cursorTo } from "node:readline";
import { styleText } from "node:util";
import { duration, oneLine } from "../../shared/terminal-text.ts";
import type { RoadLine } from "./road.ts";

type Style = Parameters<typeof styleText>[0];

export type Terminal = {
  isInteractive: boolean;
  /** Colours a text, unless the output is no terminal or NO_COLOR is set. */
  paint(style: Style, text: string): string;
  print(text: string): void;
  /** What the moving line says; undefined takes it away. */
  show(activity: string | undefined): void;
  close(): void;
};

const frames = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const frameMs = 100;

export function openTerminal(stream: NodeJS.WriteStream): Terminal {
  const isInteractive = Boolean(stream.isTTY) && process.env.TERM !== "dumb";
  const paint = (style: Style, text: string) => styleText(style, text, { stream });
  let activity: { text: string; since: number } | undefined;
  let frame = 0;
  const timer = isInteractive ? setInterval(draw, frameMs) : undefined;

  function clear(): void {
    if (!isInteractive || !activity) return;
    cursorTo(stream, 0);
    clearLine(stream, 0);
  }
  function draw(): void {
    if (!activity) return;
    clear();
    const elapsed = ` ${duration(performance.now() - activity.since)}`;
    const text = oneLine(activity.text, Math.max(10, stream.columns - elapsed.length - 4));
    stream.write(`${paint("cyan", frames[frame++ % frames.length] ?? "")} ${text}${paint("dim", elapsed)}`);
  }

  return {
    isInteractive,
    paint,
    print(text) {
      clear();
      stream.write(`${text}\n`);
      if (isInteractive) draw();
    },
    show(text) {
      if (text === activity?.text) return;
      clear();
      activity = text === undefined ? undefined : { text, since: performance.now() };
      if (isInteractive) draw();
    },
    close() {
      clear();
      activity = undefined;
      clearInterval(timer);
    },
  };
}

const marks = {
  done: ["green", "✔"],
  failed: ["red", "✖"],
  skipped: ["dim", "○"],
  begun: ["cyan", "▸"],
  said: ["dim", "·"],
} as const;

/** One line of the road. */
export function renderLine(
  { mark, depth, text, detail, durationMs }: RoadLine,
  paint: Terminal["paint"],
): string {
  const [style, sign] = marks[mark];
  const time =
    durationMs === undefined || durationMs === null ? "" : paint("dim", ` ${duration(durationMs)}`);
  const head = depth === 0 ? paint("bold", text) : text;
  return `${"  ".repeat(depth)}${paint(style, sign)} ${head}${detail ? `  ${detail}` : ""}${time}`;
}
