// One turn of the model, and what its faults come to.
import { Busy, Parked, PermanentFault } from "../../shared/errors.ts";
import type { AssistantMessage, Model, ToolSpec } from "../llm/model.ts";
import { ModelFault } from "../llm/model-fault.ts";
import { sent, shrinkAll } from "./compaction.ts";
import type { Stopped } from "./stops.ts";
import type { Transcript } from "./transcript.ts";

export type Asker = {
  model: Model;
  system: string;
  tools: ToolSpec[];
  transcript: Transcript;
  signal: AbortSignal;
};

/** How often the same turn is asked for when the stream of its reply is cut. */
const tries = 3;
/** How long to wait when a provider does not say. */
const usualWaitSeconds = 20;

/**
 * Asks for the next turn. A conversation that does not fit is made as short as it can be, once; a cut stream is
 * asked for anew. Throws `Busy`
 * when the provider wants to be left alone, `Parked` when its money is used up, and `PermanentFault` for what trying
 * again can't cure.
 */
export async function askModel(asker: Asker): Promise<AssistantMessage | Stopped> {
  const { model, system, tools, transcript, signal } = asker;
  for (let cuts = 1; ; ) {
    signal.throwIfAborted();
    try {
      return await model.reply({ system, messages: sent(transcript.messages), tools, signal });
    } catch (error) {
      if (!(error instanceof ModelFault)) throw error;
      if (error.kind === "refused") return { stopped: "refused", reason: withoutStop(error.message) };
      if (error.kind === "cut" && cuts++ < tries) continue;
      if (error.kind !== "context-overflow") throw asError(error);
      const less = shrinkAll(transcript.messages);
      if (!less) return { stopped: "too-long", reason: withoutStop(error.message) };
      await transcript.say(less);
    }
  }
}

function asError({ kind, message, retryAfterSeconds }: ModelFault): Error {
  switch (kind) {
    case "overloaded":
    case "rate-limited":
      return new Busy(message, retryAfterSeconds ?? usualWaitSeconds);
    case "spend-limit":
      return new Parked(message);
    case "cut":
      return new Error(message);
    default:
      return new PermanentFault(message);
  }
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, "");
}
