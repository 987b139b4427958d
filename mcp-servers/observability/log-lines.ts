// Log lines as a caller gets them: cleaned, since a log says what strangers made a program say, and never too many.
import { z } from "zod";
import { plainText } from "../../shared/terminal-text.ts";
import { visibleText } from "../../shared/untrusted-text.ts";

export const lineCaps = { lines: 200, charactersPerLine: 2_000, characters: 40_000 };

export const LogLine = z.object({ time: z.string(), stream: z.string(), text: z.string() });
export type LogLine = z.infer<typeof LogLine>;

/** An event as CloudWatch Logs gives it. */
export type LogEvent = {
  timestamp?: number;
  logStreamName?: string;
  message?: string;
};

/** Takes events for as long as there is room. */
export function createLogLines() {
  const lines: LogLine[] = [];
  let characters = 0;
  let cut = 0;

  return {
    lines,
    /** Gives undefined, and takes nothing, when there is no room left. */
    add(event: LogEvent): LogLine | undefined {
      const text = cleaned(event.message ?? "");
      const shown = shortened(text);
      const isFull = lines.length === lineCaps.lines || characters + shown.length > lineCaps.characters;
      if (isFull) return undefined;

      characters += shown.length;
      if (shown !== text) cut += 1;
      const line = {
        time: new Date(event.timestamp ?? 0).toISOString(),
        stream: cleaned(event.logStreamName ?? ""),
        text: shown,
      };
      lines.push(line);
      return line;
    },
    /** Says which lines were cut, when some were. */
    cutNote(): string | undefined {
      if (cut === 0) return undefined;
      return (
        `${cut} of the lines are longer than ${lineCaps.charactersPerLine.toLocaleString("en")} characters and were cut. ` +
        "CloudWatch's console shows them whole, by their stream and time."
      );
    },
  };
}

/** Without what a terminal would act on and a person would not see. A line's own break at its end is left out too. */
export function cleaned(text: string): string {
  return visibleText(plainText(text)).trimEnd();
}

function shortened(text: string): string {
  const most = lineCaps.charactersPerLine;
  if (text.length <= most) return text;
  return `${text.slice(0, most).toWellFormed()} … ${text.length - most} more characters`;
}
