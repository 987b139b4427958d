// Counts tokens as if there were a tokenizer (four characters each) and a prompt cache (Anthropic's published rule).
import { createHash } from "node:crypto";
import { blocksOf, type MessagesRequest } from "./request.ts";

/** The share of a request's tokens, as the API reports it: the three add up to the whole. */
export type InputTokens = { fresh: number; cacheRead: number; cacheWrite: number };
export type PromptCache = { take(request: MessagesRequest): InputTokens };

/** Prefixes that are shorter are not cached. */
const minimum = 1024;
/** How many blocks before a breakpoint are looked at for a prefix that is known already. */
const lookback = 20;

/**
 * A prefix is known once a request had a breakpoint (`cache_control`) at its end. A request reads the longest known
 * prefix that ends at most 20 blocks before one of its own breakpoints, and writes up to its last breakpoint.
 */
export function createPromptCache(): PromptCache {
  const known = new Set<string>();

  return {
    take(request) {
      const prefixes = prefixesOf(request);
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

export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

type Prefix = { key: string; tokens: number; isBreakpoint: boolean };

/** The order is fixed: tools, then system, then messages. One prefix ends with each block. */
function prefixesOf(request: MessagesRequest): Prefix[] {
  const { tools, system, messages, model } = request;
  const systemBlocks = typeof system === "string" ? [{ text: system }] : (system ?? []);
  const turns = messages.flatMap((message) =>
    blocksOf(message).map((block) => ({ role: message.role, ...block })),
  );
  const blocks: Record<string, unknown>[] = [...tools, ...systemBlocks, ...turns];

  const hash = createHash("sha256").update(model);
  let characters = 0;
  return blocks.map(({ cache_control, ...block }, index) => {
    const text = JSON.stringify(block);
    characters += text.length;
    const isLast = index === blocks.length - 1;
    return {
      key: hash.update(text).copy().digest("hex"),
      tokens: Math.ceil(characters / 4),
      isBreakpoint: Boolean(cache_control) || (isLast && Boolean(request.cache_control)),
    };
  });
}
