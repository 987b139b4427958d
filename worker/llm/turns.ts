// A transcript as one API is sent it. What the same model said goes back as it came; what another one said is told
// anew: its text and its calls, without what only its own provider can read.
import { createHash } from "node:crypto";
import type { AssistantMessage, Message, Native } from "./model.ts";

export type Call = { id: string; name: string; input: Record<string, unknown> };
export type Turn =
  | { role: "user"; text: string }
  /** With `native` it is sent as that, and the rest is for reading. */
  | { role: "assistant"; text: string; calls: Call[]; native?: unknown }
  | { role: "tool"; callId: string; text: string; isError: boolean };

/** Who is asked: the part of `native` that has to be the same. */
export type Speaker = Omit<Native, "content">;

/**
 * The turns of a transcript, each made of its message and of the model's turn before it: so those of a longer transcript
 * begin with the same bytes. A reply that was no whole one is sent without its calls, as they were not made.
 */
export function turnsFor(messages: readonly Message[], speaker: Speaker): Turn[] {
  let ids = new Map<string, string>();
  return messages.map((message): Turn => {
    if (message.role === "user") return { role: "user", text: message.text };
    if (message.role === "tool") {
      const { callId, text, isError } = message;
      return {
        role: "tool",
        callId: ids.get(callId) ?? callId,
        text: text.trim() ? text : "(no output)",
        isError,
      };
    }
    const turn = assistantTurn(message, speaker);
    ids = new Map(message.calls.map(({ id }, index) => [id, turn.calls[index]?.id ?? id]));
    return turn;
  });
}

function assistantTurn(message: AssistantMessage, speaker: Speaker): Turn & { role: "assistant" } {
  const { text, calls, native, unusable } = message;
  if (unusable) return { role: "assistant", text, calls: [] };
  if (saidBy(native, speaker)) return { role: "assistant", text, calls, native: native.content };
  const told = calls.map(({ id, name, input }) => ({ id: allowedId(id), name: allowedName(name), input }));
  return { role: "assistant", text, calls: told };
}

/** Whether this model said it, by this API. Another model of the same provider may not read its reasoning. */
export function saidBy(native: Native, { provider, model, api }: Speaker): boolean {
  return native.provider === provider && (native.model ?? model) === model && native.api === api;
}

/** Both providers take these; OpenAI's ids have 64 characters at most. Of an id that has others, a name for it. */
function allowedId(id: string): string {
  if (/^[a-zA-Z0-9_-]{1,64}$/.test(id)) return id;
  return `call_${createHash("sha256").update(id).digest("hex").slice(0, 24)}`;
}

/** A tool that there is has such a name; a model may have called one that there is not. */
function allowedName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 64) || "unknown";
}
