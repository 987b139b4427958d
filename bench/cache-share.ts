import { createPromptCache } from "../local/model/prompt-cache.ts";
import { blocksOf, MessagesRequest } from "../local/model/request.ts";
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
  const requests = asked.map(({ body }) => MessagesRequest.parse(JSON.parse(body)));
  const cache = createPromptCache();
  const taken = requests.map((request) => cache.take(request));
  const all = taken.map(({ fresh, cacheRead, cacheWrite }) => fresh + cacheRead + cacheWrite);
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  const texts = requests.map(textOf);
  return {
    read: sum(taken.map(({ cacheRead }) => cacheRead)) / sum(all),
    optimum: sum(all.slice(0, -1)) / sum(all),
    compactions: texts.filter((text, at) => at > 0 && !text.startsWith(texts[at - 1] ?? "")).length,
  };
}

/** A conversation without its breakpoints, which move. */
function textOf({ messages }: MessagesRequest): string {
  const blocks = messages.flatMap(blocksOf).map(({ cache_control: _, ...block }) => block);
  return blocks.map((block) => JSON.stringify(block)).join();
}
