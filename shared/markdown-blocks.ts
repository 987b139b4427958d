import { Lexer } from "marked";

export type Block = { type: string; raw: string };

/** The blocks of a Markdown text, one after the other. One that is nested too deep to be read is text as a whole. */
export function blocksOf(text: string): Block[] {
  try {
    return new Lexer().blockTokens(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ type: "text", raw: text }];
  }
}
