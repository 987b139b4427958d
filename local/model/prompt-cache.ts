// Counts tokens as if there were a tokenizer (four characters each) and a prompt cache (the providers' published rules).
// Anthropic: https://platform.claude.com/docs/en/build-with-claude/prompt-caching
// OpenAI, from GPT-5.6 on: https://developers.openai.com/api/docs/guides/prompt-caching
import { createHash } from "node:crypto";

/** A part of a request. A breakpoint at its end lets the prefix that ends there be kept. */
export type Piece = { text: string; isBreakpoint: boolean };

/** The share of a request's tokens, as the API reports it: the three add up to the whole. */
export type InputTokens = { fresh: number; cacheRead: number; cacheWrite: number };
export type PromptCache = { take(request: { model: string; pieces: Piece[] }): InputTokens };

/** Prefixes that are shorter are not cached. */
const minimum = 1024;

/**
 * A prefix is known once a request had a breakpoint at its end. A request reads the longest known prefix that ends at
 * most `lookback` pieces before one of its own breakpoints, and writes up to its last breakpoint.
 */
export function createPromptCache(lookback: number): PromptCache {
  const known = new Set<string>();

  return {
    take({ model, pieces }) {
      const prefixes = prefixesOf(model, pieces);
      const breakpoints = [...prefixes.keys()].filter((index) => prefixes[index]?.isBreakpoint);
      const reachable = breakpoints.flatMap((end) => prefixes.slice(Math.max(0, end - lookback), end + 1));
      const hits = reachable.filter((prefix) => known.has(prefix.key));
      const ends = breakpoints.flatMap((index) => prefixes[index] ?? []);
      const cached = ends.filter((prefix) => prefix.tokens >= minimum);

      for (const prefix of cached) known.add(prefix.key);
      const total = prefixes.at(-1)?.tokens ?? 0;
      const cacheRead = Math.max(0, ...hits.map((prefix) => prefix.tokens));
      const written = Math.max(cacheRead, ...cached.map((prefix) => prefix.tokens));
      return { fresh: total - written, cacheRead, cacheWrite: written - cacheRead };
    },
  };
}

type Prefix = { key: string; tokens: number; isBreakpoint: boolean };

/** One prefix ends with each piece. */
function prefixesOf(model: string, pieces: Piece[]): Prefix[] {
  const hash = createHash("sha256").update(model);
  let characters = 0;
  return pieces.map(({ text, isBreakpoint }) => {
    characters += text.length;
    return {
      key: hash.update(text).copy().digest("hex"),
      tokens: Math.ceil(characters / 4),
      isBreakpoint,
    };
  });
}
