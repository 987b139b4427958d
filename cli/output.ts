import { styleText } from "node:util";
import { plainText } from "../shared/terminal-text.ts";

type Style = Parameters<typeof styleText>[0];

/** Colours a text where that is wanted, and gives it as it is elsewhere. */
export type Paint = (style: Style, text: string) => string;

/** What a command says: one form for people, one for programs. */
export type Said = { text: string; json: unknown };

export type Output = {
  paint: Paint;
  /** How many characters a line has room for. */
  columns: number;
  /** Says something on standard output, as text or, with `--json`, as JSON on one line. */
  say(said: Said): void;
  /** Tells people something that is not the answer. Programs don't get it. */
  remark(text: string): void;
  /** Says what is wrong. With `--json` it is the answer. */
  complain(message: string): void;
};

type Streams = { stdout: NodeJS.WriteStream; stderr: NodeJS.WriteStream; env: NodeJS.ProcessEnv };

/** Colours appear only on a terminal, and never with NO_COLOR. */
export function createOutput({ stdout, stderr, env }: Streams, isJson: boolean): Output {
  const hasColours = Boolean(stdout.isTTY) && !isJson && !env.NO_COLOR && env.TERM !== "dumb";
  return {
    paint: (style, text) => (hasColours ? styleText(style, text, { validateStream: false }) : text),
    columns: stdout.isTTY ? stdout.columns : 160,
    say: ({ text, json }) => stdout.write(`${isJson ? JSON.stringify(json) : text}\n`),
    remark: (text) => !isJson && stderr.write(`${plainText(text)}\n`),
    complain(message) {
      if (isJson) stdout.write(`${JSON.stringify({ error: message })}\n`);
      else stderr.write(`${plainText(message)}\n`);
    },
  };
}
