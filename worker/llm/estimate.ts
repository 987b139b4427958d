// What a call may cost at most, before it is made: the request's size, what the turn before took, and a reply of usual length.
import type { Amount } from "../../shared/budget.ts";
import type { AssistantMessage, Message, Model, ModelRequest, Usage } from "./model.ts";

/** English has about four bytes to a token, code and numbers about three. */
const bytesPerToken = 3;
/** A turn's reply, when the conversation has none to tell its length by. */
const usualOutput = 8_000;
const shortestOutput = 2_000;
/** Anthropic's cache keeps a prefix for five minutes after it was used. */
const cachedForMs = 4 * 60_000;

export type Estimate = {
  of(request: ModelRequest): Amount;
  /** The provider's cache has the request before now. */
  replied(): void;
};

/**
 * Estimates calls of one model. It errs towards too much: all input counts as new unless this process had the reply to
 * its prefix a moment ago, and the reply as twice the longest of late. But it does not take each reply for the longest
 * that there can be, which would leave the last dollar of each budget unused.
 */
export function createEstimate(model: Pick<Model, "costOf" | "maxOutputTokens">): Estimate {
  const sizes = new WeakMap<object, number>();
  let repliedAt = Number.NEGATIVE_INFINITY;

  /** Each message is measured once: a conversation only grows. */
  function tokensIn(part: object, sent: unknown): number {
    const known = sizes.get(part) ?? Buffer.byteLength(JSON.stringify(sent)) / bytesPerToken;
    sizes.set(part, known);
    return known;
  }
  const tokensInAll = (messages: readonly Message[]) =>
    messages.reduce((sum, message) => sum + tokensIn(message, sentOf(message)), 0);

  function inputOf({ system, tools, messages }: ModelRequest, last: AssistantMessage | undefined): number {
    const fixed = Buffer.byteLength(system) / bytesPerToken + tokensIn(tools, tools);
    const measured = fixed + tokensInAll(messages);
    if (!last) return measured;
    // What the provider counted is nearer to the truth, unless the conversation was shortened since.
    const counted = tokensOf(last.usage) + tokensInAll(messages.slice(messages.lastIndexOf(last) + 1));
    return Math.min(measured, counted);
  }

  return {
    of(request) {
      const turns = request.messages.filter((message) => message.role === "assistant");
      const last = turns.at(-1);
      const input = Math.ceil(inputOf(request, last));
      const isCached = performance.now() - repliedAt < cachedForMs;
      const cacheRead = last && isCached ? Math.min(input, last.usage.cacheRead + last.usage.cacheWrite) : 0;
      const usage = {
        input: 0,
        cacheRead,
        cacheWrite: input - cacheRead,
        output: Math.min(usualReply(turns), model.maxOutputTokens),
      };
      return { usd: model.costOf(usage), tokens: tokensOf(usage) };
    },
    replied() {
      repliedAt = performance.now();
    },
  };
}

/** What of a message is sent. */
function sentOf(message: Message): unknown {
  return message.role === "assistant" ? message.native.content : message.text;
}

function usualReply(turns: AssistantMessage[]): number {
  if (turns.length === 0) return usualOutput;
  return Math.max(shortestOutput, 2 * Math.max(...turns.slice(-3).map(({ usage }) => usage.output)));
}

export function tokensOf({ input, output, cacheRead, cacheWrite }: Usage): number {
  return input + output + cacheRead + cacheWrite;
}
