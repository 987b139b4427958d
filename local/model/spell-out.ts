// What a reply of a script says, spelled out for any API.
import { createHash } from "node:crypto";
import type { Reply } from "./script.ts";

export type SpokenCall = {
  id?: string;
  name: string;
  /** The arguments as the model wrote them: JSON, unless the script wants something else. */
  arguments: string;
};
export type Answer = { text: string; calls: SpokenCall[]; stop: Reply["stop"] };

/** How many characters a token has, by estimate. */
const charactersPerToken = 4;
/** How many characters a piece of a streamed text has. */
const pieceLength = 48;
const filler = "All work and no play makes a dull model. ";

export function spellOut({ text, tokens, calls, stop }: Reply): Answer {
  const length = (tokens ?? 0) * charactersPerToken;
  const missing = Math.max(0, length - text.length);
  const padded = text + filler.repeat(Math.ceil(missing / filler.length)).slice(0, missing);
  const spoken = calls.map((call) => ({
    id: call.id,
    name: call.name,
    arguments: call.arguments ?? JSON.stringify(call.input),
  }));
  return { text: padded, calls: spoken, stop };
}

/** The arguments as an object. What is no object is none. */
export function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

export function estimateTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

export function outputTokens({ text, calls }: Answer): number {
  return estimateTokens(text + calls.map((call) => call.name + call.arguments).join(""));
}

/** By code points: a piece never ends inside a character. */
export function piecesOf(text: string): string[] {
  const characters = [...text];
  const count = Math.ceil(characters.length / pieceLength);
  return Array.from({ length: count }, (_, at) =>
    characters.slice(at * pieceLength, (at + 1) * pieceLength).join(""),
  );
}

/** An id that is the same on every run. */
export function idOf(kind: string, seed: string): string {
  return `${kind}_01${createHash("sha256").update(`${kind} ${seed}`).digest("hex").slice(0, 22)}`;
}

/** An event of a stream. OpenAI's Chat Completions has no names for its events. */
export function frame(data: unknown, event?: string): string {
  const name = event ? `event: ${event}\n` : "";
  return `${name}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}
