import type { Message, UserMessage } from "../llm/model.ts";

/** Whether the model's turn at this place answers a message of this kind: one that was said since its turn before. */
export function wasAskedFor(kind: UserMessage["kind"], messages: readonly Message[], at: number): boolean {
  for (let before = at - 1; before >= 0; before--) {
    const message = messages[before];
    if (message?.role === "assistant") return false;
    if (message?.role === "user" && message.kind === kind) return true;
  }
  return false;
}
