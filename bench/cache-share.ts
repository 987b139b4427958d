import { anthropic } from "../local/model/anthropic/api.ts";
import { createPromptCache } from "../local/model/prompt-cache.ts";
import type { Conversation } from "./agent-run.ts";

/** Shares of all input tokens of a conversation. */
export type CacheShare = {
  /** What the provider would have read from its cache, by its published rules. */
  read: number;
  /** What could have been at best: of each request all that the one before it had. */
  optimum: number;
  /** How many requests do not begin with the one before. */
  compactions: number;
};

export function cacheShare({ asked }: Conversation): CacheShare {
  const requests = asked.map(({ body }) => {
    const checked = anthropic.read(JSON.parse(body));
    if ("fault" in checked) throw new Error(checked.fault);
    return checked.conversation;
  });
  const cache = createPromptCache(anthropic.lookback);
  const taken = requests.map((request) => cache.take(request));
  const all = taken.map(({ fresh, cacheRead, cacheWrite }) => fresh + cacheRead + cacheWrite);
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  // The pieces have no breakpoints, which move.
  const texts = requests.map(({ pieces }) => pieces.map(({ text }) => text).join());
  return {
    read: sum(taken.map(({ cacheRead }) => cacheRead)) / sum(all),
    optimum: sum(all.slice(0, -1)) / sum(all),
    compactions: texts.filter((text, at) => at > 0 && !text.startsWith(texts[at - 1] ?? "")).length,
  };
}
