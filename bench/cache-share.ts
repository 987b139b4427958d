import { createPromptCache } from "../local/model/prompt-cache.ts";
import { blocksOf, MessagesRequest } from "../local/model/request.ts";
import type { Conversation } from "./agent-run.ts";

/** Shares of all input tokens of a conversation. */
export type CacheShare = {
  /** What the provider would have read from its cache, by its published rules. */
  read: number;
  /** What could have been at best: of each request all that the one before it had. */
  optimum: number;
};

export function cacheShare({ asked }: Conversation): CacheShare {
  const requests = asked.map(({ body }) => MessagesRequest.parse(JSON.parse(body)));
  const cache = createPromptCache();
  const taken = requests.map((request) => cache.take(request));
  const all = taken.map(({ fresh, cacheRead, cacheWrite }) => fresh + cacheRead + cacheWrite);
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    read: sum(taken.map(({ cacheRead }) => cacheRead)) / sum(all),
    optimum: sum(all.slice(0, -1)) / sum(all),
  };
}

/** How many requests do not begin with the one before them. */
export function breaks({ asked }: Conversation): number {
  const texts = asked.map(({ body }) => {
    const { messages } = MessagesRequest.parse(JSON.parse(body));
    return messages
      .flatMap((message) => blocksOf(message).map(({ cache_control: _, ...block }) => JSON.stringify(block)))
      .join();
  });
  return texts.filter((text, at) => at > 0 && !text.startsWith(texts[at - 1] ?? "")).length;
}
